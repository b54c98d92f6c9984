import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { Database, type Row, type Step } from './database.js';
import type { Statement, Value } from './statement.js';

/** How long SQLite itself waits for another process that writes: the whole of this one stands still meanwhile. */
const sleepMilliseconds = 5;
/** How long a statement waits in all. */
const patienceMilliseconds = 5000;

const writes = /\b(?:INSERT|UPDATE|DELETE)\b/;

/** As much of a prepared statement of better-sqlite3, and of libsql, as is used here. */
interface Prepared {
  /** Whether it gives rows. */
  readonly reader: boolean;
  all(...values: readonly (string | number | null)[]): Row[];
  run(...values: readonly (string | number | null)[]): { readonly changes: number };
}

export interface SqliteConnection {
  prepare(text: string): Prepared;
  exec(text: string): unknown;
}

/**
 * SQLite in this process. Its statements run at once, without an `await` in between: on the one connection that there is, two transactions
 * could otherwise mix their statements.
 */
export class SqliteDatabase extends Database {
  readonly dialect = 'sqlite';
  private readonly prepared = new Map<Statement, Prepared>();
  private readonly connection: SqliteConnection;

  constructor(dataSource: DataSource) {
    super();
    this.connection = (dataSource.driver as unknown as { databaseConnection: SqliteConnection }).databaseConnection;
    this.connection.exec(`PRAGMA busy_timeout = ${sleepMilliseconds}`);
  }

  async all(statement: Statement, values: readonly Value[]): Promise<readonly Row[]> {
    const act = () => this.prepare(statement).all(...values.map(bindable));
    return patiently(() => (writes.test(statement.text) ? this.locked(act) : act()));
  }

  async run(statement: Statement, values: readonly Value[]): Promise<number> {
    return patiently(() => this.locked(() => this.change(statement, values)));
  }

  async together(steps: readonly Step[]): Promise<boolean> {
    return patiently(() =>
      this.locked(() =>
        steps.every(({ statement, values, rows }) => {
          const touched = this.change(statement, values);
          return rows === undefined || touched === rows;
        }),
      ),
    );
  }

  /** Keeps what the work changes, unless it fails or gives false. */
  private locked<T>(work: () => T): T {
    // IMMEDIATE: the lock to write is taken at the beginning, or another process could take it in the middle. Never by a prepared statement: one that is
    // refused stays begun, as libsql does not reset it, and nothing that this connection changes from then on is committed.
    this.connection.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.connection.exec(result === false ? 'ROLLBACK' : 'COMMIT');
      return result;
    } catch (error) {
      this.connection.exec('ROLLBACK');
      throw error;
    }
  }

  private change(statement: Statement, values: readonly Value[]): number {
    const prepared = this.prepare(statement);
    const bound = values.map(bindable);
    // `run` would stop at the first row that a RETURNING gives, in the middle of its change: no other process could write until it goes on.
    return prepared.reader ? prepared.all(...bound).length : prepared.run(...bound).changes;
  }

  private prepare(statement: Statement): Prepared {
    let prepared = this.prepared.get(statement);
    if (!prepared) {
      prepared = this.connection.prepare(statement.text);
      this.prepared.set(statement, prepared);
    }
    return prepared;
  }
}

/**
 * Tries again while another process writes. SQLite's own waiting looks every 100 ms in the end, and comes too late each time where others write without
 * a pause: then it gives up, with SQLITE_BUSY, although nobody held the lock for long.
 */
async function patiently<T>(action: () => T): Promise<T> {
  for (const deadline = Date.now() + patienceMilliseconds; ; await delay(1 + Math.random() * 5)) {
    try {
      return action();
    } catch (error) {
      // Nothing has happened: only the first step of what was to be done waits for the lock.
      if (!isBusy(error) || Date.now() > deadline) throw error;
    }
  }
}

function isBusy(error: unknown): boolean {
  return (error as { readonly code?: unknown }).code === 'SQLITE_BUSY';
}

/** SQLite has no booleans. */
function bindable(value: Value): string | number | null {
  return typeof value === 'boolean' ? Number(value) : value;
}
