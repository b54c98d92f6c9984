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

/** What every store of logout notices must do. Call it inside of a `describe`. */
export function logoutNoticeStoreContract(create: () => Promise<LogoutNoticeStore>): void {
  it('gives what is due, and moves it to its next try in the same step', async () => {
    const store = await create();
    const due = notice();
    await store.add([due, notice({ dueAt: 101 })]);
    expect(await store.claimDue(99, 9, delay)).toEqual([]);
    expect(await store.claimDue(100, 9, delay)).toEqual([{ ...due, attempts: 1, dueAt: 110 }]);
    expect(await store.claimDue(100, 9, delay)).toEqual([]);
    const again = await store.claimDue(110, 9, delay);
    expect(again.find(({ id }) => id === due.id)).toEqual({ ...due, attempts: 2, dueAt: 130 });
  });

  it('gives each notice to one of many that ask at once', async () => {
    const store = await create();
    const added = Array.from({ length: 20 }, () => notice());
    await store.add(added);
    const claimed = (await Promise.all(Array.from({ length: 10 }, () => store.claimDue(100, 5, delay)))).flat();
    expect(claimed.map(({ id }) => id).sort()).toEqual(added.map(({ id }) => id).sort());
  });

  it('gives no more than were asked for', async () => {
    const store = await create();
    await store.add([notice(), notice(), notice()]);
    expect(await store.claimDue(100, 2, delay)).toHaveLength(2);
    expect(await store.claimDue(100, 2, delay)).toHaveLength(1);
  });

  it('gives neither what was delivered nor what has ended', async () => {
    const store = await create();
    const delivered = notice();
    await store.add([delivered, notice({ expiresAt: 200 })]);
    await store.remove(delivered.id);
    await store.remove('unknown');
    expect(await store.claimDue(200, 9, delay)).toEqual([]);
  });

  it('forgets what has ended, in batches', async () => {
    const store = await create();
    await store.add([notice({ expiresAt: 10 }), notice({ expiresAt: 11 }), notice({ expiresAt: 100 })]);
    expect(await store.removeExpired(100, 1)).toBe(1);
    expect(await store.removeExpired(100, 9)).toBe(1);
    expect(await store.removeExpired(100, 9)).toBe(0);
  });
}
