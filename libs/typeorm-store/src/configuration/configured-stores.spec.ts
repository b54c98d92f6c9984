import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { clientStoreContract, resourceStoreContract, userStoreContract } from '@tessera/resource-model/testing';
import type { Pool, PoolClient } from 'pg';
import type { Database, Row } from '../database/database.js';
import { sql } from '../database/statement.js';
import { databases, openDatabase, type TestDatabase } from '../testing/databases.fixture.js';
import { ClientKind } from './client-kind.js';
import { ConfigurationChanges } from './configuration-changes.js';
import { client, createNode, encryption, FakeClock, type Node, scope, user } from './node.fixture.js';
import { TypeOrmClientStore } from './typeorm-client.store.js';

describe.each(databases)('On %s', (_name, open) => {
  let test: TestDatabase;
  let other: Awaited<ReturnType<typeof openDatabase>>;
  beforeAll(async () => {
    test = await open();
    other = await openDatabase(test.url);
  }, 60_000);
  afterAll(async () => {
    await other.dataSource.destroy();
    await test.close();
  });

  const withDeclared = async (declared: Parameters<Node['apply']>[0]) => {
    await test.clear();
    const node = createNode(test.database);
    await node.apply(declared);
    return node;
  };
  describe('TypeOrmClientStore', () =>
    clientStoreContract(async (clients) => (await withDeclared({ clients })).clients));
  describe('TypeOrmResourceStore', () =>
    resourceStoreContract(async (resources) => (await withDeclared(resources)).resources));
  describe('TypeOrmUserStore', () => userStoreContract(async (users) => (await withDeclared({ users })).users));

  describe('Of two servers', () => {
    const clock = new FakeClock();
    let here: Node;
    let there: Node;
    beforeEach(async () => {
      await test.clear();
      [here, there] = [createNode(test.database, clock), createNode(other.database, clock)];
      await Promise.all([here.changes.poll(), there.changes.poll()]);
    });

    it('each learns what the other changed, and drops that alone', async () => {
      await here.apply({ clients: [client('a'), client('b')], apiScopes: [scope('s')], users: [user('1')] });
      await there.changes.poll();
      const [a, b, list] = [await there.clients.find('a'), await there.clients.find('b'), await there.clients.list()];
      const [catalogue, person] = [await there.resources.catalogue(), await there.users.findBySubject('1')];

      await here.apply({
        clients: [client('a', { enabled: false }), client('b')],
        apiScopes: [scope('s')],
        users: [user('1')],
      });
      expect(await there.clients.find('a')).toBe(a);
      await there.changes.poll();
      expect(await there.clients.find('a')).toEqual(client('a', { enabled: false }));
      expect(await there.clients.find('b')).toBe(b);
      expect(await there.clients.list()).not.toBe(list);
      expect(await there.resources.catalogue()).toBe(catalogue);
      expect(await there.users.findBySubject('1')).toBe(person);
    });

    it('each learns of a scope and of a person as well, made, disabled and removed', async () => {
      const [before, unknown] = [await there.resources.catalogue(), await there.users.findBySubject('1')];
      expect([before.isApiScope('s'), unknown]).toEqual([false, undefined]);
      for (const enabled of [true, false, true]) {
        await here.apply({ apiScopes: [scope('s', { enabled })], users: [user('1', { enabled })] });
        await there.changes.poll();
        expect((await there.resources.catalogue()).isApiScope('s')).toBe(enabled);
        expect((await there.users.findBySubject('1'))?.enabled).toBe(enabled);
      }
      await here.apply({}, { prune: true });
      await there.changes.poll();
      expect((await there.resources.catalogue()).isApiScope('s')).toBe(false);
      expect(await there.users.findBySubject('1')).toBeUndefined();
    });

    it('the one that made a change need not wait for it', async () => {
      await here.apply({ users: [user('1', { passwordHash: 'old' })] });
      await here.users.findBySubject('1');
      expect(await here.users.replacePasswordHash('1', 'old', 'new')).toBe(true);
      expect((await here.users.findBySubject('1'))?.passwordHash).toBe('new');
    });

    it('a password that changed on the one is the password on the other', async () => {
      await here.apply({ users: [user('1', { passwordHash: 'old' })] });
      await there.changes.poll();
      await there.users.findBySubject('1');
      await here.users.replacePasswordHash('1', 'old', 'new');
      expect((await there.users.findByUsername('name of 1'))?.passwordHash).toBe('new');
      await there.changes.poll();
      expect((await there.users.findBySubject('1'))?.passwordHash).toBe('new');
    });

    it('one that was away for longer than changes are kept drops everything', async () => {
      await here.apply({ clients: [client('a'), client('b')] });
      await there.changes.poll();
      await there.clients.find('a');
      await here.apply({ clients: [client('a', { enabled: false }), client('b')] });
      clock.time += 3601;
      await here.apply({ clients: [client('a', { enabled: false }), client('b', { enabled: false })] });
      const { length } = await test.dataSource.query('SELECT * FROM configuration_changes');
      expect(length).toBe(1);
      await there.changes.poll();
      expect((await there.clients.find('a'))?.enabled).toBe(false);
    });

    it('one whose database was put back drops everything', async () => {
      await here.apply({ clients: [client('a', { enabled: false })] });
      await here.apply({ clients: [client('a')] });
      await there.changes.poll();
      await there.clients.find('a');
      await test.dataSource.query(`UPDATE clients SET enabled = false`);
      await test.dataSource.query('UPDATE configuration_versions SET version = 1');
      await there.changes.poll();
      expect((await there.clients.find('a'))?.enabled).toBe(false);
    });

    it('neither asks the database for what it knows', async () => {
      await here.apply({ clients: [client('a')], users: [user('1')], apiScopes: [scope('s')] });
      const { database, asked } = counting(test.database);
      const node = createNode(database);
      const ask = async () => {
        await Promise.all([node.clients.find('a'), node.clients.list(), node.users.findBySubject('1')]);
        await node.resources.catalogue();
      };
      await ask();
      const once = asked();
      for (let i = 0; i < 10; i++) await ask();
      expect(asked()).toBe(once);
    });

    it('neither asks the database for what cannot be the id of anything', async () => {
      const { database, asked } = counting(test.database);
      const node = createNode(database);
      for (const id of ['', 'ä', 'a\0', '\n', 'x'.repeat(256)]) {
        expect(await node.clients.find(id)).toBeUndefined();
        expect(await node.users.findBySubject(id)).toBeUndefined();
      }
      expect(await node.users.findByUsername('alice\0')).toBeUndefined();
      expect(asked()).toBe(0);
    });
  });
});

const insertClient = sql(`INSERT INTO clients (client_id, data, enabled) VALUES (?, ?, ?)`);
const slow = sql(`SELECT pg_sleep(0.5)`);

describe('A change on PostgreSQL that takes its time', () => {
  let test: TestDatabase;
  beforeAll(async () => void (test = await databases[1]![1]()), 60_000);
  afterAll(() => test.close());

  it('is not passed over by one that begins later: versions become visible in their order', async () => {
    const reader = new ConfigurationChanges(test.database, new FakeClock());
    await reader.poll();
    const dropped: string[] = [];
    reader.follow({ kinds: ['client'], drop: (key) => dropped.push(key), dropAll: () => dropped.push('everything') });
    const writer = new ConfigurationChanges(test.database, new FakeClock());
    const add = (clientId: string) => ({
      statement: insertClient,
      values: [clientId, '{"allowedGrantTypes":["client_credentials"]}', true],
    });
    const first = writer.publish([{ kind: 'client', key: 'first' }], [add('first'), { statement: slow, values: [] }]);
    await delay(100);
    const second = writer.publish([{ kind: 'client', key: 'second' }], [add('second')]);
    const store = new TypeOrmClientStore(test.database, reader, new ClientKind(encryption));
    let isDone = false;
    const both = Promise.all([first, second]).finally(() => (isDone = true));
    while (!isDone) {
      await reader.poll();
      await store.find('first');
      await delay(10);
    }
    expect(await both).toEqual([true, true]);
    await reader.poll();
    expect(dropped).toEqual(['first', 'second']);
    expect(await store.find('first')).toBeDefined();
  });

  it('may lose its connection between two statements without ending the process', async () => {
    const { master: pool } = test.dataSource.driver as unknown as { master: Pool };
    const lent = new Promise<PoolClient>((resolve) => pool.once('acquire', resolve));
    const writer = new ConfigurationChanges(test.database, new FakeClock());
    const writing = writer.publish([{ kind: 'client', key: 'third' }], [{ statement: slow, values: [] }]);
    const connection = await lent;
    await delay(100);
    expect(() => connection.emit('error', new Error('Connection terminated unexpectedly'))).not.toThrow();
    expect(await writing).toBe(true);
  });
});

/** Counts what the database is asked. */
function counting(database: Database): { database: Database; asked: () => number } {
  let asked = 0;
  const counted = Object.create(database) as Database;
  counted.all = async (...question): Promise<readonly Row[]> => {
    asked++;
    return database.all(...question);
  };
  return { database: counted, asked: () => asked };
}
