import { expect, it } from '@jest/globals';
import { createHandle, hashHandle } from '../handle.js';
import type { Session } from '../session.js';
import type { SessionStore } from '../stores/session.store.js';

let made = 0;
const session = (difference: Partial<Session> = {}): Session => ({
  handleHash: hashHandle(createHandle()),
  id: `session ${made++}`,
  subject: 'alice',
  authentication: { time: 1000, methods: ['pwd'] },
  remembered: false,
  createdAt: 1000,
  lastSeenAt: 1000,
  expiresAt: 2000,
  clients: [],
  ...difference,
});

/** What every store of sessions must do. Call it inside of a `describe`. */
export function sessionStoreContract(create: () => Promise<SessionStore>): void {
  it('finds a session by its cookie, by its id and by its person, newest first', async () => {
    const store = await create();
    const [older, newer, other] = [session(), session({ createdAt: 1500 }), session({ subject: 'bob' })];
    for (const one of [older, newer, other]) await store.add(one);
    expect(await store.find(older.handleHash)).toEqual(older);
    expect(await store.findById(newer.id)).toEqual(newer);
    expect(await store.listBySubject('alice')).toEqual([newer, older]);
    expect(await store.find(hashHandle('unknown'))).toBeUndefined();
  });

  it('notes each client once, of any number at the same time', async () => {
    const store = await create();
    const added = session();
    await store.add(added);
    const clients = Array.from({ length: 20 }, (_, index) => `client ${index % 5}`);
    const outcomes = await Promise.all(clients.map((clientId) => store.addClient(added.id, clientId)));
    expect(outcomes).not.toContain(false);
    expect([...(await store.findById(added.id))!.clients].sort()).toEqual(clients.slice(0, 5));
  });

  it('gives a session another cookie, with which the one before opens nothing', async () => {
    const store = await create();
    const before = session({ clients: ['one'] });
    await store.add(before);
    const after = { ...before, handleHash: hashHandle(createHandle()), clients: ['two'] };
    expect(await store.replace(after)).toBe(true);
    expect(await store.find(before.handleHash)).toBeUndefined();
    expect((await store.find(after.handleHash))?.clients).toEqual(['one', 'two']);
  });

  it('ends a session once, of twenty tries, and changes nothing in one that has ended', async () => {
    const store = await create();
    const added = session();
    await store.add(added);
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => store.remove(added.id)));
    expect(outcomes.filter((outcome) => outcome !== undefined)).toEqual([added]);
    expect(await store.touch(added.id, 1, 2)).toBe(false);
    expect(await store.addClient(added.id, 'client')).toBe(false);
    expect(await store.replace(added)).toBe(false);
    expect(await store.find(added.handleHash)).toBeUndefined();
    expect(await store.listBySubject('alice')).toEqual([]);
  });

  it('moves the end, and removes what has ended, in batches', async () => {
    const store = await create();
    const added = [session({ expiresAt: 10 }), session({ expiresAt: 11 }), session({ expiresAt: 12 })];
    for (const one of added) await store.add(one);
    expect(await store.touch(added[2]!.id, 50, 500)).toBe(true);
    expect(await store.removeExpired(100, 1)).toBe(1);
    expect(await store.removeExpired(100, 9)).toBe(1);
    expect(await store.findById(added[2]!.id)).toMatchObject({ lastSeenAt: 50, expiresAt: 500 });
  });
}
