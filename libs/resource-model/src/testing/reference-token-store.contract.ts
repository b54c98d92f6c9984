import { expect, it } from '@jest/globals';
import { createHandle, hashHandle } from '../handle.js';
import type { ReferenceToken } from '../reference-token.js';
import type { ReferenceTokenStore } from '../stores/reference-token.store.js';

const token = (difference: Partial<ReferenceToken> = {}): ReferenceToken => ({
  handleHash: hashHandle(createHandle()),
  clientId: 'client',
  subject: 'alice',
  claims: { scope: 'api1', nested: { list: [1, 'two', null] } },
  expiresAt: 2000,
  ...difference,
});

/** What every store of reference tokens must do. Call it inside of a `describe`. */
export function referenceTokenStoreContract(create: () => Promise<ReferenceTokenStore>): void {
  it('finds what was added, whole, and nothing else', async () => {
    const store = await create();
    const added = token({ familyId: 'f' });
    await store.add(added);
    expect(await store.find(added.handleHash)).toEqual(added);
    expect(await store.find(hashHandle('unknown'))).toBeUndefined();
  });

  it('removes a token, and is content when it is gone already', async () => {
    const store = await create();
    const added = token();
    await store.add(added);
    await store.remove(added.handleHash);
    await store.remove(added.handleHash);
    expect(await store.find(added.handleHash)).toBeUndefined();
  });

  it('removes a family and no other token', async () => {
    const store = await create();
    const [member, stranger, single] = [token({ familyId: 'f' }), token({ familyId: 'g' }), token()];
    for (const added of [member, stranger, single]) await store.add(added);
    await store.removeFamily('f');
    expect(await store.find(member.handleHash)).toBeUndefined();
    expect(await store.find(stranger.handleHash)).toEqual(stranger);
    expect(await store.find(single.handleHash)).toEqual(single);
  });

  it('removes what one client has for one person, in families or not, and no other token', async () => {
    const store = await create();
    const mine = [token(), token({ familyId: 'f' }), token()];
    const others = [token({ subject: 'bob' }), token({ clientId: 'other' }), token({ familyId: 'f', subject: 'bob' })];
    for (const added of [...mine, ...others]) await store.add(added);
    await Promise.all(Array.from({ length: 20 }, () => store.removeGrants('alice', 'client')));
    for (const { handleHash } of mine) expect(await store.find(handleHash)).toBeUndefined();
    for (const other of others) expect(await store.find(other.handleHash)).toEqual(other);
  });

  it('removes what has ended, in batches', async () => {
    const store = await create();
    const added = [token({ expiresAt: 10 }), token({ expiresAt: 11 }), token({ expiresAt: 100 })];
    for (const one of added) await store.add(one);
    expect(await store.removeExpired(100, 1)).toBe(1);
    expect(await store.removeExpired(100, 9)).toBe(1);
    expect(await store.find(added[2]!.handleHash)).toEqual(added[2]);
  });
}
