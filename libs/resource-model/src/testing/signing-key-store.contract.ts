import { expect, it } from '@jest/globals';
import type { SigningKey } from '../signing-key.js';
import type { SigningKeyStore } from '../stores/signing-key.store.js';

const key = (kid: string, createdAt: number): SigningKey => ({
  kid,
  algorithm: 'ES256',
  privateJwk: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', d: 'd' },
  createdAt,
});

/** What every store of signing keys must do. Call it inside of a `describe`. */
export function signingKeyStoreContract(create: () => Promise<SigningKeyStore>): void {
  it('lists what was added, oldest first', async () => {
    const store = await create();
    await store.add(key('first', 1));
    await store.add(key('second', 2));
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
}
