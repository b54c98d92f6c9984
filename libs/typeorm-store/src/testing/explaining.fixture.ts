import { DataSource } from 'typeorm';
import { Database, type Row, type Step } from '../database/database.js';
import type { Statement, Value } from '../database/statement.js';
import type { TestDatabase } from './databases.fixture.js';

/** Passes statements on, and can say afterwards how the database goes about each of them. */
export class ExplainingDatabase extends Database {
  readonly dialect;
  private readonly dataSource: DataSource;
  private readonly database: Database;
  private readonly seen: (readonly [Statement, readonly Value[]])[] = [];

  constructor({ dataSource, database }: TestDatabase) {
    super();
    this.dialect = database.dialect;
    this.dataSource = dataSource;
    this.database = database;
  }

  all(statement: Statement, values: readonly Value[]): Promise<readonly Row[]> {
    this.seen.push([statement, values]);
    return this.database.all(statement, values);
  }

  run(statement: Statement, values: readonly Value[]): Promise<number> {
    this.seen.push([statement, values]);
    return this.database.run(statement, values);
  }

  together(steps: readonly Step[]): Promise<boolean> {
    this.seen.push(...steps.map(({ statement, values }) => [statement, values] as const));
    return this.database.together(steps);
  }

  /** The statements since the last time that read a whole table, or a whole index, each with its plan. */
  async readingAll(): Promise<string[]> {
    // A connection for this alone: SQLite takes a statement that it has explained for one in progress.
    const aside = await new DataSource(this.dataSource.options).initialize();
    const found: string[] = [];
    for (const [statement, values] of this.seen.splice(0)) {
      const plan = await this.explain(aside, statement, values);
      if (readsAll[this.dialect].test(plan)) found.push(`${statement.text}\n${plan}`);
    }
    await aside.destroy();
    return found;
  }

  private async explain(aside: DataSource, { text, numbered }: Statement, values: readonly Value[]): Promise<string> {
    const statement = this.dialect === 'sqlite' ? `EXPLAIN QUERY PLAN ${text}` : `EXPLAIN ${numbered}`;
    const lines = await aside.query<Readonly<Record<string, unknown>>[]>(statement, [...values]);
    return lines.map((line) => String(line.detail ?? line['QUERY PLAN'])).join('\n');
  }
}

const readsAll = {
  // SCAN goes through the whole, be it USING an INDEX; SEARCH does not. What a statement has chosen before (`ended`) is no table, nor is a list of values.
  sqlite: /^SCAN (?!CONSTANT ROW|ended$|json_each )/m,
  postgres: /Seq Scan|Index (?:Only )?Scan(?!.*\n\s*Index Cond)/,
};
