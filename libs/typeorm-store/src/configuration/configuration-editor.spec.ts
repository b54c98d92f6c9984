import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Client, Secret, sha256, User } from '@tessera/resource-model';
import { databases, openDatabase, type TestDatabase } from '../testing/databases.fixture.js';
import { describePlan } from './configuration-plan.js';
import { client, createNode, type Node, user } from './node.fixture.js';

describe.each(databases)('On %s', (_name, open) => {
  let test: TestDatabase;
  let other: Awaited<ReturnType<typeof openDatabase>>;
  let here: Node;
  let there: Node;
  beforeAll(async () => {
    test = await open();
    other = await openDatabase(test.url);
  }, 60_000);
  afterAll(async () => {
    await other.dataSource.destroy();
    await test.close();
  });
  beforeEach(async () => {
    await test.clear();
    [here, there] = [createNode(test.database), createNode(other.database)];
    await here.apply({ clients: [client('of the file')], users: [user('1', { passwordHash: 'of the file' })] });
    await Promise.all([here.changes.poll(), there.changes.poll()]);
  });

  it('a client is made, changed and removed, and the other servers learn of it', async () => {
    expect(await here.editor.clients.add(client('job'))).toBe(true);
    await there.changes.poll();
    expect(await there.clients.find('job')).toEqual(client('job'));
    await here.editor.clients.change('job', (found) => new Client({ ...found, enabled: false }));
    await there.changes.poll();
    expect(await there.clients.find('job')).toEqual(client('job', { enabled: false }));
    await here.editor.clients.remove('job');
    await there.changes.poll();
    expect(await there.clients.find('job')).toBeUndefined();
  });

  it('what is there already is not made again, nor anything with it', async () => {
    expect(await here.editor.clients.add(client('new'), client('of the file'))).toBe(false);
    expect(await here.editor.users.add(user('2', { username: 'name of 1' }))).toBe(false);
    expect(await here.editor.clients.find('new')).toBeUndefined();
    expect((await here.editor.users.findByUsername('NAME of 1'))?.item.subject).toBe('1');
  });

  it('what the file declares is not changed, and the message says where to', async () => {
    const { clients } = here.editor;
    expect(await clients.find('of the file')).toEqual({ item: client('of the file'), isOfFile: true });
    const refusal = 'The configuration file declares client "of the file": change it there.';
    await expect(clients.change('of the file', (found) => found)).rejects.toThrow(refusal);
    await expect(clients.remove('of the file')).rejects.toThrow(refusal);
    await expect(clients.change('nobody', (found) => found)).rejects.toThrow('There is no client "nobody".');
    expect(describePlan(await here.plan({ clients: [client('of the file')] }))).not.toContain(
      expect.stringContaining('client'),
    );
  });

  it('two who change the same at once lose nothing of one another', async () => {
    await here.editor.clients.add(client('job', { clientSecrets: [] }));
    const secrets = Array.from({ length: 8 }, (_one, index) => new Secret(sha256(`secret ${index}`)));
    await Promise.all(
      secrets.map((secret, index) =>
        (index % 2 ? here : there).editor.clients.change(
          'job',
          (found) => new Client({ ...found, clientSecrets: [...found.clientSecrets, secret] }),
        ),
      ),
    );
    const { item } = (await here.editor.clients.find('job'))!;
    expect(new Set(item.clientSecrets.map(({ value }) => value))).toEqual(new Set(secrets.map(({ value }) => value)));
  });

  it('people are listed page by page, in the order of their subjects', async () => {
    await here.editor.users.add(...['2', '3', '4', '5'].map((subject) => user(subject)));
    const first = await here.editor.users.page('', 3);
    expect(first.map(({ item }) => item.subject)).toEqual(['1', '2', '3']);
    expect(first.map(({ isOfFile }) => isOfFile)).toEqual([true, false, false]);
    const second = await here.editor.users.page('3', 3);
    expect(second.map(({ item }) => item.subject)).toEqual(['4', '5']);
  });

  it('people are looked up by hundreds, by their subjects and user names', async () => {
    const many = Array.from({ length: 600 }, (_one, index) => user(`many-${index}`));
    await here.editor.users.add(...many);
    const found = await here.editor.users.holdersOf([
      ...many.map(({ subject }) => ({ subject })),
      { username: 'NAME of many-7 ' },
      { username: 'name of 1' },
      { subject: 'nobody', username: 'no "body"' },
    ]);
    expect(found.map(({ item }) => item.subject).sort()).toEqual(['1', ...many.map(({ subject }) => subject)].sort());
    expect(found.filter(({ isOfFile }) => isOfFile).map(({ item }) => item.subject)).toEqual(['1']);
  });

  it('people are changed by hundreds, all of them or none', async () => {
    const { users } = here.editor;
    await users.add(user('2'), user('3'));
    const disabled = (...subjects: string[]) =>
      new Map(subjects.map((subject) => [subject, (found: User) => new User({ ...found, enabled: false })]));
    expect(await users.tryChangeAll(disabled('2', '1'))).toBe(false);
    expect(await users.tryChangeAll(disabled('2', 'nobody'))).toBe(false);
    expect((await users.find('2'))?.item.enabled).toBe(true);
    await there.changes.poll();
    expect(await there.users.findBySubject('3')).toMatchObject({ enabled: true });
    expect(await users.tryChangeAll(disabled('2', '3'))).toBe(true);
    await there.changes.poll();
    expect(await there.users.findBySubject('3')).toMatchObject({ enabled: false });
  });

  it('after an import of thousands the other servers forget all that they know, and read no list of what changed', async () => {
    await there.users.findBySubject('1');
    const many = Array.from({ length: 5001 }, (_one, index) => user(`many-${index}`));
    await here.editor.users.add(...many);
    await here.editor.users.setPasswordHash('1', 'another');
    const read = jest.spyOn(other.database, 'all');
    await there.changes.poll();
    const rows = (await Promise.all(read.mock.results.map(({ value }) => value as Promise<unknown[]>))).flat();
    read.mockRestore();
    expect(rows.length).toBeLessThanOrEqual(5001);
    expect((await there.users.findBySubject('1'))?.passwordHash).toBe('another');
    await here.editor.users.setPasswordHash('1', 'a third');
    await there.changes.poll();
    expect((await there.users.findBySubject('1'))?.passwordHash).toBe('a third');
  });

  it('a password is set for people of the file, too, and stays until the file says another', async () => {
    await here.editor.users.setPasswordHash('1', 'set');
    await there.changes.poll();
    expect((await there.users.findBySubject('1'))?.passwordHash).toBe('set');
    await here.apply({ users: [user('1', { passwordHash: 'of the file' })] });
    expect((await here.users.findBySubject('1'))?.passwordHash).toBe('set');
    await expect(here.editor.users.setPasswordHash('9', 'set')).rejects.toThrow('There is no user "9".');
  });

  it('a person is disabled, and another hash may come meanwhile', async () => {
    await here.editor.users.add(user('2', { passwordHash: 'first' }));
    await here.users.replacePasswordHash('2', 'first', 'second');
    await there.editor.users.change('2', (found) => new User({ ...found, enabled: false }));
    expect(await here.editor.users.find('2')).toMatchObject({ item: { enabled: false, passwordHash: 'second' } });
  });

  it('the salt of pairwise subjects, and the secret of assertions, is not readable in the database, and changes nothing when it is declared again', async () => {
    const salted = client('pairwise', {
      subjectType: 'pairwise',
      pairwiseSubjectSalt: 'a salt that nobody shall read',
      assertionSecret: 'and a secret that nobody shall read either',
    });
    await here.apply({ clients: [salted, client('of the file')] });
    await here.editor.clients.add(new Client({ ...salted, clientId: 'other' }));
    const rows = JSON.stringify(await test.dataSource.query('SELECT * FROM clients'));
    expect(rows).toContain('v1.');
    for (const secret of [salted.pairwiseSubjectSalt, salted.assertionSecret]) expect(rows).not.toContain(secret);
    for (const clientId of ['pairwise', 'other'])
      expect(await there.clients.find(clientId)).toEqual(new Client({ ...salted, clientId }));
    const lines = describePlan(await here.plan({ clients: [salted, client('of the file')] }));
    expect(lines).toEqual([expect.stringContaining('? user "1"')]);
    const less = new Client({ ...salted, subjectType: 'public', pairwiseSubjectSalt: undefined });
    await here.apply({ clients: [less, client('of the file')] });
    expect((await here.clients.find('pairwise'))?.pairwiseSubjectSalt).toBeUndefined();
  });
});
