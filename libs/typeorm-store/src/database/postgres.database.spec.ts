import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StoreUnavailableError } from '@tessera/resource-model';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../connection/create-data-source.js';
import { type OwnPostgres, startPostgres } from '../testing/databases.fixture.js';
import { PostgresDatabase } from './postgres.database.js';
import { sql } from './statement.js';

const slow = sql('SELECT pg_sleep(1)');
const quick = sql('SELECT 1 AS one');

describe('PostgreSQL behind a network that breaks', () => {
  let postgres: OwnPostgres;
  let network: Server;
  let dataSource: DataSource;
  const sockets = new Set<Socket>();
  beforeAll(async () => {
    postgres = await startPostgres();
    const url = new URL(postgres.url);
    const port = Number(url.port);
    network = createServer((near) => {
      const far = connect(port, '127.0.0.1');
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        sockets.add(from);
        from.on('error', () => undefined).on('close', () => to.destroy());
        from.pipe(to);
      }
    });
    await new Promise<void>((resolve) => network.listen(0, '127.0.0.1', resolve));
    url.port = String((network.address() as AddressInfo).port);
    dataSource = await createDataSource({ kind: 'postgres', url: url.href }, { poolSize: 2 }).initialize();
  }, 60_000);
  afterAll(async () => {
    await dataSource.destroy();
    network.close();
    await postgres.stop();
  });

  const breakNow = (how: 'destroy' | 'resetAndDestroy') => {
    for (const socket of sockets) socket[how]();
    sockets.clear();
  };

  describe.each(['destroy', 'resetAndDestroy'] as const)('(%s)', (how) => {
    it.each<[string, (database: PostgresDatabase) => Promise<unknown>]>([
      ['one statement', (database) => database.all(slow, [])],
      ['the steps of a transaction', (database) => database.together([{ statement: slow, values: [] }])],
    ])('refuses %s as unavailable, the process lives, and the next connection serves', async (_what, act) => {
      const database = new PostgresDatabase(dataSource);
      const outcome = act(database).catch((error: unknown) => error);
      await delay(200);
      breakNow(how);
      expect(await outcome).toBeInstanceOf(StoreUnavailableError);
      expect(await database.all(quick, [])).toEqual([{ one: 1 }]);
    });
  });
});
