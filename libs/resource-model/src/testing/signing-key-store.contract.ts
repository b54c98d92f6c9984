import { expect, it } from '@jest/globals';
import type { SigningKey } from '../signing-key.js';
import type { SigningKeyStore } from '../stores/signing-key.store.js';

const key = (kid: string, generation: number, difference: Partial<SigningKey> = {}): SigningKey => ({
  kid,
  algorithm: 'ES256',
  privateJwk: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', d: 'd', 'reference of hardware': { slot: 1 } },
  generation,
  createdAt: 1_893_456_000 + generation,
  signsFrom: 1_894_665_600 + generation,
  ...difference,
});

/** What every store of signing keys must do. Call it inside of a `describe`. */
export function signingKeyStoreContract(create: () => Promise<SigningKeyStore>): void {
  it('lists what was added, oldest first', async () => {
    const store = await create();
    expect(await store.list()).toEqual([]);
    expect(await store.add(key('second', 2))).toBe(true);
    expect(await store.add(key('first', 1))).toBe(true);
    expect(await store.list()).toEqual([key('first', 1), key('second', 2)]);
  });

  it('removes a key and no other', async () => {
    const store = await create();
    await store.add(key('first', 1));
    await store.add(key('second', 2));
    await store.remove('first');
    await store.remove('unknown');
    expect(await store.list()).toEqual([key('second', 2)]);
  });

  it('tells which keys there are', async () => {
    const store = await create();
    expect(await store.kids()).toEqual([]);
    await store.add(key('second', 2));
    await store.add(key('first', 1));
    expect([...(await store.kids())].sort()).toEqual(['first', 'second']);
    await store.remove('first');
    expect(await store.kids()).toEqual(['second']);
  });

  it('takes a second key of an algorithm and generation for too late, and leaves the first as it is', async () => {
    const store = await create();
    await store.add(key('first', 1));
    expect(await store.add(key('other', 1))).toBe(false);
    expect(await store.list()).toEqual([key('first', 1)]);
    expect(await store.add(key('of another algorithm', 1, { algorithm: 'EdDSA' }))).toBe(true);
    expect(await store.list()).toHaveLength(2);
  });

  it('takes a second key of the same kid for too late', async () => {
    const store = await create();
    await store.add(key('first', 1));
    expect(await store.add(key('first', 2))).toBe(false);
    expect(await store.list()).toEqual([key('first', 1)]);
  });

  it('lets one of twenty at once make the next key, and lists that one', async () => {
    const store = await create();
    await store.add(key('first', 1));
    const tries = Array.from({ length: 20 }, (_, i) => key(`try ${i}`, 2));
    const added = await Promise.all(tries.map((one) => store.add(one)));
    expect(added.filter(Boolean)).toHaveLength(1);
    expect(await store.list()).toEqual([key('first', 1), tries[added.indexOf(true)]]);
  });

  it('has room for a generation whose key was removed', async () => {
    const store = await create();
    await store.add(key('first', 1));
    await store.remove('first');
    expect(await store.add(key('again', 1))).toBe(true);
    expect(await store.list()).toEqual([key('again', 1)]);
  });
}
