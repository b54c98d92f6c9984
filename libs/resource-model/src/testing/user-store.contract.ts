import { expect, it } from '@jest/globals';
import type { UserStore } from '../stores/user.store.js';
import { User } from '../user.js';

const alice = () =>
  new User({ subject: '1', username: 'Ålice', passwordHash: 'old', claims: { name: 'Alice', desk: { floor: 3 } } });
const off = () => new User({ subject: '2', username: 'off', enabled: false, passwordHash: 'old' });
const passwordless = () => new User({ subject: '3', username: 'passwordless' });

/**
 * What every store of people must do. Call it inside of a `describe`.
 * @param createWith a store in which there are these people and nobody else
 */
export function userStoreContract(createWith: (users: readonly User[]) => Promise<UserStore>): void {
  const create = () => createWith([alice(), off(), passwordless()]);

  it('finds a person whole, by subject and by user name, be she disabled or without a password', async () => {
    const store = await create();
    for (const user of [alice(), off(), passwordless()]) {
      expect(await store.findBySubject(user.subject)).toEqual(user);
      expect(await store.findByUsername(user.username)).toEqual(user);
    }
    for (const unknown of ['', '4', 'Ålice', '__proto__']) expect(await store.findBySubject(unknown)).toBeUndefined();
    for (const unknown of ['', '1', 'alice', '__proto__']) expect(await store.findByUsername(unknown)).toBeUndefined();
  });

  it('compares user names without regard to case, composition and space around them', async () => {
    const store = await create();
    for (const username of ['ålice', 'ÅLICE', 'A\u030Alice', ' Ålice ']) {
      expect((await store.findByUsername(username))?.subject).toBe('1');
    }
  });

  it('replaces a password hash, and nothing else of that person or of another', async () => {
    const store = await create();
    expect(await store.replacePasswordHash('1', 'old', 'new')).toBe(true);
    const replaced = new User({ ...alice(), passwordHash: 'new' });
    expect(await store.findBySubject('1')).toEqual(replaced);
    expect(await store.findByUsername('ålice')).toEqual(replaced);
    expect(await store.findBySubject('2')).toEqual(off());
  });

  it('never overwrites a password that was changed meanwhile', async () => {
    const store = await create();
    expect(await store.replacePasswordHash('1', 'old', 'changed')).toBe(true);
    expect(await store.replacePasswordHash('1', 'old', 'new')).toBe(false);
    expect((await store.findBySubject('1'))?.passwordHash).toBe('changed');
  });

  it('replaces nothing where there is no password, no such person, or a hash that only looks alike', async () => {
    const store = await create();
    for (const [subject, from] of [
      ['3', ''],
      ['4', 'old'],
      ['1', 'OLD'],
      ['1', 'old '],
    ] as const) {
      expect(await store.replacePasswordHash(subject, from, 'new')).toBe(false);
    }
    expect(await store.findBySubject('1')).toEqual(alice());
    expect(await store.findBySubject('3')).toEqual(passwordless());
    expect(await store.findBySubject('4')).toBeUndefined();
  });

  it('lets one of twenty that replace the same hash at once succeed', async () => {
    const store = await create();
    const done = await Promise.all(
      Array.from({ length: 20 }, (_one, index) => store.replacePasswordHash('1', 'old', `new ${index}`)),
    );
    expect(done.filter(Boolean)).toHaveLength(1);
    expect((await store.findBySubject('1'))?.passwordHash).toBe(`new ${done.indexOf(true)}`);
  });

  it('leaves the person as she was who was read before', async () => {
    const store = await create();
    const read = await store.findBySubject('1');
    await store.replacePasswordHash('1', 'old', 'new');
    expect(read?.passwordHash).toBe('old');
  });
}
