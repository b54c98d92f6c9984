import { expect, it } from '@jest/globals';
import type { LogoutNotice } from '../logout-notice.js';
import { randomText } from '../random-text.js';
import type { LogoutNoticeStore } from '../stores/logout-notice.store.js';

const notice = (difference: Partial<LogoutNotice> = {}): LogoutNotice => ({
  id: randomText(16),
  clientId: 'client',
  subject: 'alice',
  sessionId: 'session',
  attempts: 0,
  dueAt: 100,
  expiresAt: 1000,
  ...difference,
});

const delay = (attempts: number) => attempts * 10;

const claim = (store: LogoutNoticeStore, now: number, limit: number, except: readonly string[] = []) =>
  store.claimDue(now, { limit, except }, delay);

/** What every store of logout notices must do. Call it inside of a `describe`. */
export function logoutNoticeStoreContract(create: () => Promise<LogoutNoticeStore>): void {
  it('gives what is due, and moves it to its next try in the same step', async () => {
    const store = await create();
    const due = notice();
    await store.add([due, notice({ dueAt: 131 })]);
    expect(await claim(store, 99, 9)).toEqual([]);
    expect(await claim(store, 100, 9)).toEqual([{ ...due, attempts: 1, dueAt: 110 }]);
    expect(await claim(store, 100, 9)).toEqual([]);
    expect(await claim(store, 110, 9)).toEqual([{ ...due, attempts: 2, dueAt: 130 }]);
  });

  it('gives one of each client at a time, first of the client whose notice has been due longest', async () => {
    const store = await create();
    const of = (clientId: string, dueAt: number) => notice({ id: `${clientId} ${dueAt}`, clientId, dueAt });
    await store.add([of('a', 90), of('b', 95), of('a', 80), of('c', 85), of('b', 94), of('a', 70)]);
    const given = async (limit: number) => (await claim(store, 100, limit)).map(({ id }) => id).sort();
    expect(await given(2)).toEqual(['a 70', 'c 85']);
    expect(await given(9)).toEqual(['a 80', 'b 94']);
    expect(await given(9)).toEqual(['a 90', 'b 95']);
    expect(await given(9)).toEqual([]);
  });

  it('gives none of the clients that are excepted, however many wait', async () => {
    const store = await create();
    await store.add(Array.from({ length: 50 }, () => notice({ clientId: 'hangs', dueAt: 1 })));
    await store.add([notice({ clientId: 'slow', dueAt: 2 }), notice({ clientId: 'other' })]);
    expect((await claim(store, 100, 9, ['hangs', 'slow'])).map(({ clientId }) => clientId)).toEqual(['other']);
    expect((await claim(store, 100, 9)).map(({ clientId }) => clientId).sort()).toEqual(['hangs', 'slow']);
  });

  it('gives each notice to one of many that ask at once', async () => {
    const store = await create();
    const added = Array.from({ length: 20 }, (_, i) => notice({ clientId: `client ${i % 4}` }));
    await store.add(added);
    const claimed = (await Promise.all(Array.from({ length: 10 }, () => claim(store, 100, 5)))).flat();
    // Of many at once some may find nothing; what they leave is there for the next.
    for (let rest = await claim(store, 100, 9); rest.length > 0; rest = await claim(store, 100, 9))
      claimed.push(...rest);
    expect(claimed.map(({ id }) => id).sort()).toEqual(added.map(({ id }) => id).sort());
  });

  it('gives no more than were asked for', async () => {
    const store = await create();
    await store.add(['a', 'b', 'c'].map((clientId) => notice({ clientId })));
    expect(await claim(store, 100, 2)).toHaveLength(2);
    expect(await claim(store, 100, 2)).toHaveLength(1);
  });

  it('gives neither what was delivered nor what has ended', async () => {
    const store = await create();
    const delivered = notice();
    await store.add([delivered, notice({ expiresAt: 200 })]);
    await store.remove(delivered.id);
    await store.remove('unknown');
    expect(await claim(store, 200, 9)).toEqual([]);
  });

  it('forgets what has ended, in batches', async () => {
    const store = await create();
    await store.add([notice({ expiresAt: 10 }), notice({ expiresAt: 11 }), notice({ expiresAt: 100 })]);
    expect(await store.removeExpired(100, 1)).toBe(1);
    expect(await store.removeExpired(100, 9)).toBe(1);
    expect(await store.removeExpired(100, 9)).toBe(0);
  });
}
