import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiResource, type Configuration, IdentityResources, Secret, sha256 } from '@tessera/resource-model';
import { databases, openDatabase, type TestDatabase } from '../testing/databases.fixture.js';
import { describePlan } from './configuration-plan.js';
import { client, createNode, type Node, scope, user } from './node.fixture.js';

const declared = (): Partial<Configuration> => ({
  clients: [client('web', { clientSecrets: [new Secret(sha256('secret'))] }), client('job')],
  apiResources: [new ApiResource('orders', 'Orders', { scopes: ['read'] })],
  apiScopes: [scope('read')],
  identityResources: [IdentityResources.openId()],
  users: [user('1', { username: 'alice', passwordHash: 'of the file' }), user('2', { username: 'bob' })],
});

describe.each(databases)('The configuration file on %s', (_name, open) => {
  let test: TestDatabase;
  let node: Node;
  beforeAll(async () => void (test = await open()), 60_000);
  afterAll(() => test.close());
  beforeEach(async () => {
    await test.clear();
    node = createNode(test.database);
  });
  const query = (text: string) => test.dataSource.query(text);

  it('makes what it declares, and finds nothing to do the next time', async () => {
    expect(describePlan(await node.plan(declared()))).toEqual([
      '+ identity resource "openid"',
      '+ api scope "read"',
      '+ api resource "orders"',
      '+ client "web"',
      '+ client "job"',
      '+ user "1"',
      '+ user "2"',
    ]);
    expect(await node.clients.list()).toEqual([]);
    await node.apply(declared());
    expect(await node.clients.find('web')).toEqual(declared().clients![0]);
    const version = await node.changes.version();
    const again = await node.apply(declared());
    expect(describePlan(again)).toEqual([]);
    expect([again.unchanged, await node.changes.version()]).toEqual([7, version]);
  });

  it('says which properties it changes, and never a secret or a hash', async () => {
    await node.apply(declared());
    const different: Partial<Configuration> = {
      ...declared(),
      clients: [
        client('web', { clientSecrets: [new Secret(sha256('another'))], redirectUris: ['https://app.example.com/'] }),
        client('job', { enabled: false }),
      ],
      users: [user('1', { username: 'alice', passwordHash: 'new in the file' }), user('2', { username: 'bobby' })],
    };
    const lines = describePlan(await node.plan(different));
    expect(lines).toEqual([
      '~ client "web": clientSecrets, redirectUris changed',
      '~ client "job": enabled changed',
      '~ user "1": passwordHash changed',
      '~ user "2": username changed',
    ]);
    await node.apply(different);
    expect(await node.clients.list()).toEqual([different.clients![1], different.clients![0]]);
    expect(await node.users.findByUsername('alice')).toEqual(different.users![0]);
  });

  it('removes what it declares no more when it is asked to, and otherwise says that it stays', async () => {
    await node.apply(declared());
    const less = { ...declared(), clients: declared().clients!.slice(1), users: declared().users!.slice(1) };
    expect(describePlan(await node.apply(less))).toEqual([
      '? client "web": not in the file any more; it stays until it is pruned',
      '? user "1": not in the file any more; it stays until it is pruned',
    ]);
    expect(await node.clients.find('web')).toBeDefined();
    expect(describePlan(await node.apply(less, { prune: true }))).toEqual(['- client "web"', '- user "1"']);
    expect([await node.clients.find('web'), await node.users.findByUsername('alice')]).toEqual([undefined, undefined]);
    expect((await node.clients.list()).map(({ clientId }) => clientId)).toEqual(['job']);
  });

  it('never overwrites or removes what somebody else made, and changes nothing then', async () => {
    await query(`INSERT INTO clients (client_id, data, enabled) VALUES ('web', '{"allowedGrantTypes":[]}', true)`);
    await query(`INSERT INTO users (subject, username, data, enabled) VALUES ('9', 'bob', '{"username":"Bob"}', true)`);
    const plan = await node.plan(declared(), { prune: true });
    expect(describePlan(plan).filter((line) => line.startsWith('!'))).toEqual([
      '! client "web": there is one already that the file did not make',
      '! user "2": the user name "bob" belongs to user "9", which the file did not make',
    ]);
    await expect(node.apply(declared(), { prune: true })).rejects.toThrow(
      [
        'The configuration file cannot be applied:',
        '  client "web": there is one already that the file did not make',
        '  user "2": the user name "bob" belongs to user "9", which the file did not make',
      ].join('\n'),
    );
    expect((await node.clients.list()).map(({ clientId }) => clientId)).toEqual(['web']);
    expect(describePlan(await node.apply({}, { prune: true }))).toEqual([]);
    expect((await node.users.findByUsername('bob'))?.subject).toBe('9');
  });

  it('leaves a password that the person changed, until the file says another', async () => {
    await node.apply(declared());
    await node.users.replacePasswordHash('1', 'of the file', 'of the person');
    const renamed = { ...declared(), users: [user('1', { username: 'Alice B', passwordHash: 'of the file' })] };
    for (const configuration of [declared(), renamed]) {
      await node.apply(configuration);
      expect((await node.users.findBySubject('1'))?.passwordHash).toBe('of the person');
    }
    await node.apply({ users: [user('1', { username: 'alice', passwordHash: 'another of the file' })] });
    expect((await node.users.findBySubject('1'))?.passwordHash).toBe('another of the file');
    await node.apply({ users: [user('1', { username: 'alice' })] });
    expect((await node.users.findBySubject('1'))?.passwordHash).toBeUndefined();
  });

  it('takes a new hash of the same plain password for no change', async () => {
    const salted = (salt: string, password: string) => ({
      users: [user('1', { passwordHash: `${salt}:${password}` })],
    });
    const rules = (password: string) => ({
      isSamePassword: async (_subject: string, earlier: string) => earlier.endsWith(`:${password}`),
    });
    await node.apply(salted('a', 'alice'), rules('alice'));
    await node.users.replacePasswordHash('1', 'a:alice', 'of the person');
    expect(describePlan(await node.apply(salted('b', 'alice'), rules('alice')))).toEqual([]);
    expect((await node.users.findBySubject('1'))?.passwordHash).toBe('of the person');
    expect(describePlan(await node.apply(salted('c', 'other'), rules('other')))).toEqual([
      '~ user "1": passwordHash changed',
    ]);
    expect((await node.users.findBySubject('1'))?.passwordHash).toBe('c:other');
  });

  it('comes to its end while many sign in whose passwords are hashed anew, though it looks at passwords itself', async () => {
    const isSamePassword = async () => {
      await delay(60);
      return true;
    };
    const people = { users: [user('1', { passwordHash: 'a:alice' })] };
    await node.apply(people);
    await node.editor.users.add(user('2', { username: 'bob', passwordHash: '0' }));
    let isDone = false;
    const signIns = (async () => {
      for (let count = 0; !isDone; count++) {
        await node.users.replacePasswordHash('2', `${count}`, `${count + 1}`);
        await delay(20);
      }
    })();
    const applied = node.apply(
      { users: [user('1', { username: 'alice', passwordHash: 'b:alice' })] },
      { isSamePassword },
    );
    await applied.finally(() => (isDone = true)).finally(() => signIns);
    expect(describePlan(await applied)).toEqual(['~ user "1": username changed']);
  });

  it('lets people take each other’s user names, and one take that of a person who is removed', async () => {
    const named = (...names: string[]) => ({ users: names.map((username, index) => user(`${index}`, { username })) });
    await node.apply(named('alice', 'bob', 'carol'));
    await node.apply(named('bob', 'carol', 'alice'));
    expect((await node.users.findByUsername('alice'))?.subject).toBe('2');
    await node.apply({ users: [user('7', { username: 'Alice' })] }, { prune: true });
    expect((await node.users.findByUsername('alice'))?.subject).toBe('7');
    expect(describePlan(await node.plan({ users: [user('8', { username: 'alice' })] }))[0]).toBe(
      '! user "8": the user name "alice" belongs to user "7", which is not in the file any more: prune it',
    );
  });

  it('is applied by ten servers at once as by one', async () => {
    const others = await Promise.all([openDatabase(test.url), openDatabase(test.url)]);
    const nodes = Array.from({ length: 10 }, (_one, index) => createNode(others[index % 2]!.database));
    const plans = await Promise.all(nodes.map((one) => one.apply(declared()))).finally(() =>
      Promise.all(others.map(({ dataSource }) => dataSource.destroy())),
    );
    expect(plans.filter(({ changes }) => changes.length > 0)).toHaveLength(1);
    expect(await node.changes.version()).toBe(1);
    expect(await node.clients.list()).toHaveLength(2);
  });
});
