import type { DataSource } from 'typeorm';
import { migrations } from '../migrations/migrations.js';

/** Whether there is the table in which the changes are noted; where there is none, none was made. */
const findTable = {
  sqlite: `SELECT name FROM sqlite_master WHERE name = 'tessera_migrations'`,
  postgres: `SELECT relname FROM pg_class WHERE oid = to_regclass('tessera_migrations')`,
} as const;

/**
 * The names of the changes of the schema that a database has. It only looks: it makes nothing, and takes no lock of its session, which behind a pooler
 * that lends connections by the transaction nobody might give back.
 */
export async function appliedChanges(dataSource: DataSource): Promise<ReadonlySet<string>> {
  const kind = dataSource.options.type === 'postgres' ? 'postgres' : 'sqlite';
  const tables = await dataSource.query<object[]>(findTable[kind]);
  if (tables.length === 0) return new Set();
  const rows = await dataSource.query<{ readonly name: string }[]>('SELECT name FROM tessera_migrations');
  return new Set(rows.map(({ name }) => name));
}

/** Whether changes are missing that this version needs. */
export async function isSchemaBehind(dataSource: DataSource): Promise<boolean> {
  const applied = await appliedChanges(dataSource);
  return migrations.some(({ name }) => !applied.has(name));
}
