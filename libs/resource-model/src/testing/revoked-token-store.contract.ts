import { expect, it } from '@jest/globals';
import type { RevokedTokenStore } from '../stores/revoked-token.store.js';

/** What every store of revoked tokens must do. Call it inside of a `describe`. */
export function revokedTokenStoreContract(create: () => Promise<RevokedTokenStore>): void {
  it('knows what was revoked, twice as well as once, and nothing else', async () => {
    const store = await create();
    await store.add('revoked', 2000);
    await store.add('revoked', 2000);
    expect(await store.has(['revoked'])).toBe(true);
    expect(await store.has(['other'])).toBe(false);
    expect(await store.has(['other', 'revoked'])).toBe(true);
    expect(await store.has([])).toBe(false);
  });

  it('knows what was issued up to the time it was told, to the second, and nothing later', async () => {
    const store = await create();
    await store.add('limited', 2000, 1000);
    expect(await store.has(['limited'], 999)).toBe(true);
    expect(await store.has(['limited'], 1000)).toBe(true);
    expect(await store.has(['limited'], 1001)).toBe(false);
    expect(await store.has(['limited'])).toBe(true);
    await store.add('whole', 2000);
    expect(await store.has(['limited', 'whole'], 1001)).toBe(true);
  });

  it('keeps the later time of two, whichever came first, and no limit before any', async () => {
    const store = await create();
    await Promise.all([1000, 1200, 1100].map((issuedUpTo) => store.add('limited', 2000, issuedUpTo)));
    expect([await store.has(['limited'], 1200), await store.has(['limited'], 1201)]).toEqual([true, false]);
    await store.add('limited', 1500);
    await store.add('limited', 1500, 1000);
    expect(await store.has(['limited'], 1_000_000)).toBe(true);
    expect(await store.removeExpired(1999, 9)).toBe(0);
    expect(await store.removeExpired(2001, 9)).toBe(1);
  });

  it('forgets what has ended, in batches', async () => {
    const store = await create();
    for (const [jti, end] of [
      ['a', 10],
      ['b', 11],
      ['c', 100],
    ] as const)
      await store.add(jti, end);
    expect(await store.removeExpired(100, 1)).toBe(1);
    expect(await store.removeExpired(100, 9)).toBe(1);
    expect(await store.has(['c'])).toBe(true);
  });
}
