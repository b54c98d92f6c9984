import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import libsql from 'libsql';
import { DataSource } from 'typeorm';
import { migrations } from '../migrations/migrations.js';
import { schemas } from '../schema/schemas.js';
import type { DatabaseLocation } from './database-url.js';

/** How long a writer waits for another process on SQLite, and a request for a connection to PostgreSQL. */
const patienceMilliseconds = 5000;

export interface PoolRules {
  /** The most connections of one process to PostgreSQL. */
  readonly poolSize: number;
}

/** The connection, not yet open. */
export function createDataSource(location: DatabaseLocation, { poolSize }: PoolRules): DataSource {
  const common = { entities: schemas, migrations, migrationsTableName: 'tessera_migrations', synchronize: false };
  if (location.kind === 'postgres') {
    return new DataSource({
      ...common,
      type: 'postgres',
      url: location.url,
      poolSize,
      applicationName: 'tessera',
      connectTimeoutMS: patienceMilliseconds,
      // What is asked for before an answer has come is sent at once: the steps of a transaction.
      extra: { pipeline: true },
    });
  }
  const path = location.kind === 'memory' ? ':memory:' : resolve(location.path);
  if (location.kind === 'sqlite') makeFile(path);
  const synchronous = location.kind === 'sqlite' ? location.synchronous : 'off';
  return new DataSource({
    ...common,
    type: 'better-sqlite3',
    driver: libsql,
    database: path,
    timeout: patienceMilliseconds,
    enableWAL: location.kind === 'sqlite',
    prepareDatabase: (connection: { exec(text: string): unknown }) => {
      connection.exec(`PRAGMA synchronous = ${synchronous}`);
      connection.exec(`PRAGMA busy_timeout = ${patienceMilliseconds}`);
    },
  });
}

/** For its owner alone: it holds hashes of passwords. SQLite, which would let everybody read it, gives its log the same mode. */
function makeFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch {
    // It is there already, or cannot be: then SQLite says why.
  }
}
