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
  const answering = new Set<Socket>();
  beforeAll(async () => {
    postgres = await startPostgres();
    const url = new URL(postgres.url);
    const port = Number(url.port);
    network = createServer((near) => {
      const far = connect(port, '127.0.0.1');
      answering.add(far.on('close', () => answering.delete(far)));
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

  it('sends the steps of a transaction without waiting for answers that it does not need', async () => {
    const direct = await createDataSource({ kind: 'postgres', url: postgres.url }, { poolSize: 1 }).initialize();
    await direct.query('CREATE TABLE written (number integer)');
    const written = async () => (await direct.query<object[]>('SELECT number FROM written')).length;
    const write = { statement: sql('INSERT INTO written VALUES (?)'), values: [1] };
    const database = new PostgresDatabase(dataSource);
    await database.all(quick, []);
    for (const far of answering) far.pause();
    const isDone = database.together([write, write]);
    while ((await written()) < 2) await delay(10);
    for (const far of answering) far.resume();
    expect(await isDone).toBe(true);
    expect(await written()).toBe(2);
    await direct.destroy();
  });

  it('refuses as unavailable what a server that may only be read would have to write, as after another one has taken its place', async () => {
    const direct = await createDataSource({ kind: 'postgres', url: postgres.url }, { poolSize: 1 }).initialize();
    await direct.query('CREATE TABLE kept (number integer)');
    await direct.query('SET default_transaction_read_only = on');
    const database = new PostgresDatabase(direct);
    const write = sql('INSERT INTO kept VALUES (1)');
    await expect(database.run(write, [])).rejects.toThrow(StoreUnavailableError);
    expect(await database.all(quick, [])).toEqual([{ one: 1 }]);
    await direct.destroy();
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

  it('does again what the database undid because two waited for each other', async () => {
    const database = new PostgresDatabase(dataSource);
    await dataSource.query('CREATE TABLE locked (id integer PRIMARY KEY)');
    await dataSource.query('INSERT INTO locked VALUES (1), (2)');
    const lock = sql('UPDATE locked SET id = id WHERE id = ?');
    const other = dataSource.createQueryRunner();
    await other.startTransaction();
    await other.query('UPDATE locked SET id = id WHERE id = 2');
    const both = database.together([1, 2].map((id) => ({ statement: lock, values: [id], rows: 1 })));
    await delay(200);
    // Who has waited longer is the one whom PostgreSQL gives up.
    await other.query('UPDATE locked SET id = id WHERE id = 1');
    await other.commitTransaction();
    await other.release();
    expect(await both).toBe(true);
  });
});
