import { expect, it } from '@jest/globals';
import type { UsedIdStore } from '../stores/used-id.store.js';

/** What every store of used ids must do. Call it inside of a `describe`. */
export function usedIdStoreContract(create: () => Promise<UsedIdStore>): void {
  it('lets each id be used once', async () => {
    const store = await create();
    expect(await store.use('one', 2000)).toBe(true);
    expect(await store.use('one', 2000)).toBe(false);
    expect(await store.use('One', 2000)).toBe(true);
  });

  it('tells exactly one of many that use an id at the same time', async () => {
    const store = await create();
    const told = await Promise.all(Array.from({ length: 20 }, () => store.use('the same', 2000)));
    expect(told.filter(Boolean)).toHaveLength(1);
  });

  it('keeps the end of the first use', async () => {
    const store = await create();
    await store.use('one', 2000);
    await store.use('one', 10);
    expect(await store.removeExpired(2000, 9)).toBe(0);
    expect(await store.use('one', 3000)).toBe(false);
  });

  it('takes ids of 200 characters', async () => {
    const store = await create();
    const long = 'x'.repeat(199);
    expect([await store.use(`${long}a`, 2000), await store.use(`${long}b`, 2000)]).toEqual([true, true]);
  });

  it('forgets what has ended, in batches, and may then be told of it again', async () => {
    const store = await create();
    for (const [id, end] of [
      ['a', 10],
      ['b', 11],
      ['c', 100],
    ] as const)
      await store.use(id, end);
    expect(await store.removeExpired(100, 1)).toBe(1);
    expect(await store.removeExpired(100, 9)).toBe(1);
    expect([await store.use('a', 200), await store.use('c', 200)]).toEqual([true, false]);
  });
}
