import type { DataSource } from 'typeorm';

/** What is bound to the `?` of a statement. */
export type Bound = readonly (string | number | null)[];

/** As much of a prepared statement of better-sqlite3, and of libsql, as is used here. */
export interface Prepared {
  /** Whether it gives rows. */
  readonly reader: boolean;
  all(values: Bound): Readonly<Record<string, unknown>>[];
  run(values: Bound): { readonly changes: number };
}

/** As much of a connection of better-sqlite3, and of libsql, as is used here. */
export interface SqliteConnection {
  /** False again where SQLite has undone a transaction by itself, as it does when the disk is full. */
  readonly inTransaction: boolean;
  prepare(text: string): Prepared;
  exec(text: string): unknown;
}

/** The one connection of an open data source on SQLite. */
export function sqliteConnectionOf(dataSource: DataSource): SqliteConnection {
  return (dataSource.driver as unknown as { databaseConnection: SqliteConnection }).databaseConnection;
}
