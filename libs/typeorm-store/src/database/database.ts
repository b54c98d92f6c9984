import type { Statement, Value } from './statement.js';

export type Row = Readonly<Record<string, unknown>>;

/** One step of what happens together or not at all. */
export interface Step {
  readonly statement: Statement;
  readonly values: readonly Value[];
  /** How many rows it has to touch; otherwise all is undone. Default: any number. */
  readonly rows?: number;
}

/**
 * The statements of the stores, on SQLite or PostgreSQL. TypeORM keeps the connections, the schema and the migrations; a statement goes past its
 * repositories, which take ten times as long.
 */
export abstract class Database {
  abstract readonly dialect: 'sqlite' | 'postgres';

  /** The rows of a SELECT, or of a RETURNING. */
  abstract all(statement: Statement, values: readonly Value[]): Promise<readonly Row[]>;

  /** How many rows it touched. */
  abstract run(statement: Statement, values: readonly Value[]): Promise<number>;

  /** All of the steps in one transaction. False: a step did not touch the rows it had to, and nothing has happened. */
  abstract together(steps: readonly Step[]): Promise<boolean>;

  async first(statement: Statement, values: readonly Value[]): Promise<Row | undefined> {
    return (await this.all(statement, values))[0];
  }

  /** For rows that several servers pick up at once: each takes others (PostgreSQL). SQLite has one writer at a time. */
  get skipLocked(): string {
    return this.dialect === 'postgres' ? 'FOR UPDATE SKIP LOCKED' : '';
  }
}
