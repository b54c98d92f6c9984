import { expect, it } from '@jest/globals';
import { createHandle, hashHandle } from '../handle.js';
import type { PushedRequest } from '../pushed-request.js';
import type { PushedRequestStore } from '../stores/pushed-request.store.js';

const request = (difference: Partial<PushedRequest> = {}): PushedRequest => ({
  handleHash: hashHandle(createHandle()),
  clientId: 'client',
  parameters: { client_id: 'client', scope: 'openid', resource: ['https://one.example', 'https://two.example'] },
  expiresAt: 2000,
  ...difference,
});

/** What every store of pushed requests must do. Call it inside of a `describe`. */
export function pushedRequestStoreContract(create: () => Promise<PushedRequestStore>): void {
  it('finds what was added, whole, as often as it is looked for, and nothing else', async () => {
    const store = await create();
    const added = request();
    await store.add(added);
    expect(await store.find(added.handleHash)).toEqual(added);
    expect(await store.find(added.handleHash)).toEqual(added);
    expect(await store.find(hashHandle('unknown'))).toBeUndefined();
  });

  it('removes the one that is named, and none where that is unknown', async () => {
    const store = await create();
    const [one, other] = [request(), request()];
    for (const added of [one, other]) await store.add(added);
    await store.remove(one.handleHash);
    await store.remove(hashHandle('unknown'));
    expect(await store.find(one.handleHash)).toBeUndefined();
    expect(await store.find(other.handleHash)).toEqual(other);
  });

  it('removes what has ended, in batches', async () => {
    const store = await create();
    const added = [request({ expiresAt: 10 }), request({ expiresAt: 11 }), request({ expiresAt: 100 })];
    for (const one of added) await store.add(one);
    expect(await store.removeExpired(100, 1)).toBe(1);
    expect(await store.removeExpired(100, 9)).toBe(1);
    expect(await store.find(added[2]!.handleHash)).toEqual(added[2]);
  });
}
