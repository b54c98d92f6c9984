import { expect, it } from '@jest/globals';
import type { AuthorizationCode } from '../authorization-code.js';
import { createHandle, hashHandle } from '../handle.js';
import type { AuthorizationCodeStore } from '../stores/authorization-code.store.js';

const code = (difference: Partial<AuthorizationCode> = {}): AuthorizationCode => ({
  handleHash: hashHandle(createHandle()),
  clientId: 'client',
  subject: 'alice',
  authentication: { time: 1000, methods: ['pwd'], sessionId: 's' },
  scopes: ['openid', 'api1'],
  redirectUri: 'https://app.example.com/callback',
  challenge: { value: 'challenge', method: 'S256' },
  details: [{ type: 'payment', amount: { value: '12.50', currency: 'EUR' } }],
  requestedClaims: { idToken: ['name'], userinfo: [] },
  dpopJkt: 'thumbprint of a key',
  familyId: 'family',
  expiresAt: 2000,
  redeemed: false,
  ...difference,
});

/** What every store of authorization codes must do. Call it inside of a `describe`. */
export function authorizationCodeStoreContract(create: () => Promise<AuthorizationCodeStore>): void {
  it('finds what was added, whole, and nothing else', async () => {
    const store = await create();
    const added = code();
    await store.add(added);
    expect(await store.find(added.handleHash)).toEqual(added);
    expect(await store.find(hashHandle('unknown'))).toBeUndefined();
  });

  it('lets one of twenty redeem a code at once, and keeps it, redeemed', async () => {
    const store = await create();
    const added = code();
    await store.add(added);
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => store.redeem(added.handleHash)));
    expect(outcomes.filter(Boolean)).toHaveLength(1);
    expect(await store.find(added.handleHash)).toEqual({ ...added, redeemed: true });
    expect(await store.redeem(hashHandle('unknown'))).toBe(false);
  });

  it('removes what one client has for one person, redeemed or not, and tells the families', async () => {
    const store = await create();
    const [fresh, redeemed] = [code({ familyId: 'f' }), code({ familyId: 'g' })];
    const others = [code({ subject: 'bob' }), code({ clientId: 'other' })];
    for (const one of [fresh, redeemed, ...others]) await store.add(one);
    await store.redeem(redeemed.handleHash);
    expect([...(await store.removeGrants('alice', 'client'))].sort()).toEqual(['f', 'g']);
    for (const { handleHash } of [fresh, redeemed]) expect(await store.find(handleHash)).toBeUndefined();
    for (const one of others) expect(await store.find(one.handleHash)).toEqual(one);
    expect(await store.redeem(fresh.handleHash)).toBe(false);
    expect(await store.removeGrants('alice', 'client')).toEqual([]);
  });

  it('tells the family of a code also to who removes it while it is being redeemed', async () => {
    const store = await create();
    const added = Array.from({ length: 20 }, (_, index) => code({ familyId: `family ${index}` }));
    for (const one of added) await store.add(one);
    const redeeming = added.map(({ handleHash }) => store.redeem(handleHash));
    const families = await store.removeGrants('alice', 'client');
    await Promise.all(redeeming);
    expect([...families].sort()).toEqual(added.map(({ familyId }) => familyId).sort());
    for (const { handleHash } of added) expect(await store.find(handleHash)).toBeUndefined();
  });

  it('removes what has ended, in batches', async () => {
    const store = await create();
    const added = [code({ expiresAt: 10 }), code({ expiresAt: 11 }), code({ expiresAt: 100 })];
    for (const one of added) await store.add(one);
    expect(await store.removeExpired(100, 1)).toBe(1);
    expect(await store.removeExpired(100, 9)).toBe(1);
    expect(await store.find(added[2]!.handleHash)).toEqual(added[2]);
  });
}
