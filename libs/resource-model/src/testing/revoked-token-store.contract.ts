import { expect, it } from '@jest/globals';
import type { RevokedTokenStore } from '../stores/revoked-token.store.js';

/** What every store of revoked tokens must do. Call it inside of a `describe`. */
export function revokedTokenStoreContract(create: () => Promise<RevokedTokenStore>): void {
  it('knows what was revoked, twice as well as once, and nothing else', async () => {
    const store = await create();
    await store.add('revoked', 2000);
    await store.add('revoked', 2000);
    expect(await store.has('revoked')).toBe(true);
    expect(await store.has('other')).toBe(false);
    expect(await store.has('other', 'revoked')).toBe(true);
    expect(await store.has()).toBe(false);
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
    expect(await store.has('c')).toBe(true);
  });
}
