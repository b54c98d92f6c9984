import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { migrations } from '../migrations/migrations.js';
import { type OwnPostgres, startPostgres } from '../testing/databases.fixture.js';
import { createDataSource } from './create-data-source.js';
import { openConnection, SchemaBehindError, SchemaRefusedError } from './open-connection.js';

const said: string[] = [];
const logger = { log: (line: string) => void said.push(line), warn: () => {}, error: () => {} };

describe('A connection to a PostgreSQL', () => {
  let postgres: OwnPostgres;
  let administrator: DataSource;
  beforeAll(async () => {
    postgres = await startPostgres();
    administrator = await createDataSource({ kind: 'postgres', url: postgres.url }, { poolSize: 1 }).initialize();
  }, 60_000);
  afterAll(async () => {
    await administrator.destroy();
    await postgres.stop();
  });

  /** A database of this name without any table, and its URL. */
  async function createDatabase(name: string): Promise<string> {
    await administrator.query(`CREATE DATABASE ${name}`);
    return Object.assign(new URL(postgres.url), { pathname: `/${name}` }).href;
  }

  function open(url: string, migrate = true): Promise<DataSource> {
    const dataSource = createDataSource({ kind: 'postgres', url }, { poolSize: 2 });
    return openConnection(dataSource, { migrate, patience: 1 }, logger);
  }

  it.each([1, 2, 3, 4])(
    'is opened by several servers at once, and one of them makes the schema (%s)',
    async (round) => {
      const url = await createDatabase(`several${round}`);
      const connections = await Promise.all(Array.from({ length: 4 }, () => open(url)));
      const done = await connections[0]!.query<object[]>('SELECT name FROM tessera_migrations');
      await Promise.all(connections.map((connection) => connection.destroy()));
      expect(done).toHaveLength(migrations.length);
    },
  );

  it('whose role may not make the schema is refused with what to do, and opened once another one has made it', async () => {
    const url = new URL(await createDatabase('foreign_one'));
    await administrator.query(`CREATE ROLE guest LOGIN PASSWORD 'guest'`);
    const guest = Object.assign(new URL(url), { username: 'guest', password: 'guest' }).href;
    const refused = open(guest);
    await expect(refused).rejects.toThrow(SchemaRefusedError);
    await expect(refused).rejects.toThrow(
      /permission denied.*run `sts migrate up` with one that may.*STS_MIGRATE=never/,
    );
    await expect(open(guest, false)).rejects.toThrow(SchemaBehindError);

    const owner = await open(url.href);
    await expect(open(guest, false)).rejects.toThrow(/sees no schema.*let this one use the tables/);
    await owner.query('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO guest');
    await owner.destroy();
    await (await open(guest, false)).destroy();
    await (await open(guest)).destroy();
  });

  it('whose schema is not to be changed is refused while it is behind', async () => {
    const url = await createDatabase('behind');
    await expect(open(url, false)).rejects.toThrow(SchemaBehindError);
    said.length = 0;
    await (await open(url)).destroy();
    await (await open(url, false)).destroy();
    expect(said).toEqual([expect.stringMatching(/^The schema of the database was brought up to date: OperationalSt/)]);
  });

  it('whose schema is not to be changed takes no lock: behind a pooler nobody could give it back', async () => {
    const url = await createDatabase('pooled');
    const migrated = await open(url);
    await migrated.query('SELECT pg_advisory_lock(7283001)');
    const opened = open(url, false);
    const late = delay(3000, undefined, { ref: false }).then(() => 'waits for the lock');
    expect(await Promise.race([opened.then(() => 'is open'), late])).toBe('is open');
    await (await opened).destroy();
    await migrated.destroy();
  });
});
