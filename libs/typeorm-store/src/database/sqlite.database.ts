import { StoreUnavailableError } from '@tessera/resource-model';
import type { DataSource } from 'typeorm';
import { Database, type Row, type Step } from './database.js';
import { GroupCommit } from './group-commit.js';
import { patiently, sleepMilliseconds } from './patience.js';
import { type Prepared, type SqliteConnection, sqliteConnectionOf } from './sqlite-connection.js';
import type { Statement, Value } from './statement.js';

/**
 * SQLite in this process. A statement that reads runs at once; those that write run in groups, each group without an `await` in between: on the one
 * connection that there is, two transactions could otherwise mix their statements, and a reader would see what is not committed.
 */
export class SqliteDatabase extends Database {
  readonly dialect = 'sqlite';
  private readonly prepared = new Map<Statement, Preparation>();
  private readonly connection: SqliteConnection;
  private readonly writes: GroupCommit;

  constructor(dataSource: DataSource) {
    super();
    this.connection = sqliteConnectionOf(dataSource);
    this.connection.exec(`PRAGMA busy_timeout = ${sleepMilliseconds}`);
    this.writes = new GroupCommit(this.connection);
  }

  async all(statement: Statement, values: readonly Value[]): Promise<readonly Row[]> {
    const act = () => this.prepare(statement).prepared.all(values.map(bindable));
    return (statement.writes ? this.writes.perform(act) : patiently(act)).catch(refuse);
  }

  async run(statement: Statement, values: readonly Value[]): Promise<number> {
    return this.writes.perform(() => this.change(statement, values)).catch(refuse);
  }

  async together(steps: readonly Step[]): Promise<boolean> {
    const act = () =>
      steps.every(({ statement, values, rows }) => {
        const touched = this.change(statement, values);
        return rows === undefined || touched === rows;
      });
    return this.writes.performTogether(act).catch(refuse);
  }

  private change(statement: Statement, values: readonly Value[]): number {
    const { prepared, isReader } = this.prepare(statement);
    const bound = values.map(bindable);
    // `run` would stop at the first row that a RETURNING gives, in the middle of its change: no other process could write until it goes on.
    return isReader ? prepared.all(bound).length : prepared.run(bound).changes;
  }

  private prepare(statement: Statement): Preparation {
    let preparation = this.prepared.get(statement);
    if (!preparation) {
      const prepared = this.connection.prepare(statement.text);
      preparation = { prepared, isReader: prepared.reader };
      this.prepared.set(statement, preparation);
    }
    return preparation;
  }
}

interface Preparation {
  readonly prepared: Prepared;
  /** Asked once: the answer comes from outside JavaScript. */
  readonly isReader: boolean;
}

/** Another process wrote for longer than anybody waits; the disk is full, fails, or may not be written any more. */
const awayCodes = /^SQLITE_(?:BUSY|FULL|IOERR|CANTOPEN|READONLY)/;

/** @throws StoreUnavailableError where the file cannot be written or read at present, otherwise the error as it is */
function refuse(error: unknown): never {
  if (awayCodes.test(String((error as { readonly code?: unknown }).code))) {
    throw new StoreUnavailableError('The database cannot be used at present.', { cause: error });
  }
  throw error;
}

/** SQLite has no booleans. */
function bindable(value: Value): string | number | null {
  return typeof value === 'boolean' ? Number(value) : value;
}
