// Where the servers of these tests keep things: in memory, or as TEST_STORES says (`sqlite`, or the URL of a PostgreSQL) each in a database of its own.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A database for one server. */
export interface TestStores {
  readonly url: string;
  remove(): Promise<void>;
}

/** One encryption key for all of them. */
export const encryptionKey = Buffer.alloc(32, 9).toString('base64');

/** None: things are kept in memory. */
export async function createTestStores(): Promise<TestStores | undefined> {
  const kind = process.env.TEST_STORES ?? 'memory';
  if (kind === 'memory') return undefined;
  return kind === 'sqlite' ? createFile() : createDatabase(kind);
}

async function createFile(): Promise<TestStores> {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-stores-'));
  return {
    url: `sqlite:${join(folder, 'test.sqlite')}?synchronous=normal`,
    remove: () => rm(folder, { recursive: true }),
  };
}

async function createDatabase(server: string): Promise<TestStores> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await administer(server, `CREATE DATABASE ${name}`);
  return {
    url: Object.assign(new URL(server), { pathname: `/${name}` }).href,
    // What a spec left open does not hold it up.
    remove: () => administer(server, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}

async function administer(server: string, statement: string): Promise<void> {
  const { Client } = await import('pg');
  const client = new Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
