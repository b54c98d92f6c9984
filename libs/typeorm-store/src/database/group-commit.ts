import { isBusy, patienceMilliseconds, pause } from './patience.js';
import type { SqliteConnection } from './sqlite-connection.js';

/** So many jobs share a transaction at the most: for its time this process does nothing else. */
const groupSize = 64;

interface Job {
  /** What is to be kept; false or an error undoes it. */
  readonly work: () => unknown;
  readonly deadline: number;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/**
 * What is to be written in one turn of the event loop goes into one transaction, and waits for the disk once. Each job stands for itself all the same: one
 * that fails is undone alone. Nobody hears of a result before the transaction has been committed. Between BEGIN and COMMIT there is no `await`, so nothing
 * else that uses the connection sees what is not committed.
 */
export class GroupCommit {
  private readonly connection: SqliteConnection;
  private waiting: Job[] = [];
  private isScheduled = false;

  constructor(connection: SqliteConnection) {
    this.connection = connection;
  }

  /** Does one statement, and gives its result. SQLite itself undoes a statement that fails. */
  perform<T>(statement: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const job = { work: statement, deadline: Date.now() + patienceMilliseconds, resolve, reject };
      this.waiting.push(job);
      if (!this.isScheduled) this.schedule();
    });
  }

  /** Does several statements. They are undone, and nothing else is, where one fails or the result is false. */
  performTogether(statements: () => boolean): Promise<boolean> {
    return this.perform(() => {
      // Savepoints are not prepared: SQLite is twice as fast with their text.
      this.connection.exec('SAVEPOINT job');
      let isKept = false;
      try {
        return (isKept = statements());
      } finally {
        if (this.connection.inTransaction)
          this.connection.exec(isKept ? 'RELEASE job' : 'ROLLBACK TO job; RELEASE job');
      }
    });
  }

  /** After all that the event loop has at hand: a lonely job waits for nothing, and what many requests ask for in this turn comes together. */
  private schedule(): void {
    this.isScheduled = true;
    setImmediate(() => this.next());
  }

  private next(): void {
    const group = this.waiting.splice(0, groupSize);
    try {
      for (const answer of this.commit(group)) answer();
    } catch (error) {
      if (isBusy(error)) return this.wait(group, error);
      for (const { reject } of group) reject(error);
    }
    this.isScheduled = false;
    if (this.waiting.length > 0) this.schedule();
  }

  /** @returns the answers to the jobs, which hold from now on. @throws where nothing of the group has been kept */
  private commit(group: readonly Job[]): (() => void)[] {
    // IMMEDIATE: the lock to write is taken at the beginning, or another process could take it in the middle. Never by a prepared statement: one that is
    // refused stays begun, as libsql does not reset it, and nothing that this connection changes from then on is committed.
    this.connection.exec('BEGIN IMMEDIATE');
    try {
      const answers = group.map((job) => this.attempt(job));
      this.connection.exec('COMMIT');
      return answers;
    } catch (error) {
      if (this.connection.inTransaction) this.connection.exec('ROLLBACK');
      throw error;
    }
  }

  private attempt({ work, resolve, reject }: Job): () => void {
    try {
      const result = work();
      return () => resolve(result);
    } catch (error) {
      // What the jobs before this one did is undone as well, and what those after it do would be kept by itself.
      if (!this.connection.inTransaction) throw error;
      return () => reject(error);
    }
  }

  /** Another process writes: the group is tried again, together with what has come by then. */
  private wait(group: readonly Job[], error: unknown): void {
    const now = Date.now();
    const all = [...group, ...this.waiting];
    this.waiting = all.filter(({ deadline }) => now <= deadline);
    for (const { deadline, reject } of all) if (now > deadline) reject(error);
    setTimeout(() => this.next(), pause());
  }
}
