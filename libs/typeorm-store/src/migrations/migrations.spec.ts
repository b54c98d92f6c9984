import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource, type Table } from 'typeorm';
import { databases, type TestDatabase } from '../testing/databases.fixture.js';
import { migrations } from './migrations.js';

describe.each(databases)('On %s', (_name, open) => {
  let test: TestDatabase;
  beforeAll(async () => void (test = await open()), 60_000);
  afterAll(() => test.close());

  /** Each test finds a database without any table of ours. */
  beforeEach(async () => {
    while ((await executed()) > 0) await test.dataSource.undoLastMigration();
  });

  it('the migrations make the very schema that the stores are written for', async () => {
    expect(await differences()).not.toEqual([]);
    await test.dataSource.runMigrations();
    expect(await differences()).toEqual([]);
  });

  it('a difference between migrations and schema is noticed', async () => {
    await test.dataSource.runMigrations();
    await test.dataSource.query('DROP INDEX "refresh_tokens_family"');
    expect(await differences()).toEqual([expect.stringContaining('refresh_tokens_family')]);
  });

  it('all can be undone, step by step, and done again', async () => {
    await test.dataSource.runMigrations();
    for (let left = migrations.length; left > 0; left--) {
      expect(await executed()).toBe(left);
      await test.dataSource.undoLastMigration();
    }
    expect(await tablesOf(test.dataSource)).toEqual([]);
    await test.dataSource.runMigrations();
    expect(await differences()).toEqual([]);
  });

  it.each(migrations.slice(0, -1).map(({ name }, index) => [name, index + 1] as const))(
    'a database as %s left it comes up to date, its rows whole',
    async (_migration, count) => {
      const earlier = await openWith(count);
      const tables = await tablesOf(earlier);
      expect(tables.map(({ name }) => name)).toContain('refresh_tokens');
      for (const table of tables) await fill(earlier, table);
      const before = await rowsOf(earlier, tables);
      await earlier.destroy();
      await test.dataSource.runMigrations();
      expect(await executed()).toBe(migrations.length);
      expect(await rowsOf(test.dataSource, tables)).toEqual(before);
    },
  );

  async function executed(): Promise<number> {
    const [row] = await test.dataSource.query<{ count: number }[]>('SELECT count(*) AS count FROM tessera_migrations');
    return Number(row!.count);
  }

  /** What TypeORM would do to the tables, so that they are those of the schema. */
  async function differences(): Promise<string[]> {
    const { upQueries } = await test.dataSource.driver.createSchemaBuilder().log();
    return upQueries.map(({ query }) => query);
  }

  /** The same database, as the first so many migrations leave it. */
  async function openWith(count: number): Promise<DataSource> {
    const options = { ...test.dataSource.options, migrations: migrations.slice(0, count) };
    const dataSource = await new DataSource(options).initialize();
    await dataSource.runMigrations();
    return dataSource;
  }
});

/** The tables of the schema that are there. */
async function tablesOf(dataSource: DataSource): Promise<Table[]> {
  const runner = dataSource.createQueryRunner();
  const tables = await runner.getTables(dataSource.entityMetadatas.map(({ tableName }) => tableName));
  await runner.release();
  return tables;
}

/** Two rows for each table: one has a value in every column, one only where it must. */
async function fill(dataSource: DataSource, { name, columns }: Table): Promise<void> {
  const names = columns.map((column) => `"${column.name}"`).join(', ');
  for (const [row, isWhole] of [true, false].entries()) {
    const values = columns.map((column) => {
      if (!isWhole && column.isNullable) return 'NULL';
      const ofType: Readonly<Record<string, string>> = {
        bigint: `${5_000_000_000 + row}`,
        boolean: 'true',
        'double precision': '1.5',
      };
      return ofType[column.type] ?? `'["${column.name} ${row}"]'`;
    });
    await dataSource.query(`INSERT INTO "${name}" (${names}) VALUES (${values.join(', ')})`);
  }
}

/** What the columns of these tables hold. */
async function rowsOf(dataSource: DataSource, tables: readonly Table[]): Promise<unknown> {
  const rows: Record<string, unknown[]> = {};
  for (const { name, columns } of tables) {
    const names = columns.map((column) => `"${column.name}"`).join(', ');
    rows[name] = await dataSource.query<unknown[]>(`SELECT ${names} FROM "${name}" ORDER BY ${names}`);
    expect(rows[name]).toHaveLength(2);
  }
  return rows;
}
