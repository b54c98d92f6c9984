import { expect, it } from '@jest/globals';
import type { Consent } from '../consent.js';
import type { ConsentStore } from '../stores/consent.store.js';

const consent = (difference: Partial<Consent> = {}): Consent => ({
  subject: 'alice',
  clientId: 'client',
  scopes: ['openid', 'offline_access'],
  claims: ['name'],
  createdAt: 1000,
  expiresAt: 2000,
  ...difference,
});

/** What every store of consents must do. Call it inside of a `describe`. */
export function consentStoreContract(create: () => Promise<ConsentStore>): void {
  it('finds what was saved, whole, for that person and that client alone', async () => {
    const store = await create();
    const [one, endless] = [consent(), consent({ subject: 'bob', expiresAt: undefined, claims: [] })];
    for (const saved of [one, endless]) await store.save(saved);
    expect(await store.find('alice', 'client')).toEqual(one);
    expect(await store.find('bob', 'client')).toEqual(endless);
    for (const [subject, clientId] of [
      ['ALICE', 'client'],
      ['alice', 'Client'],
      ['client', 'alice'],
    ] as const) {
      expect(await store.find(subject, clientId)).toBeUndefined();
    }
  });

  it('puts a later one in the place of an earlier one: nothing of that is left', async () => {
    const store = await create();
    await store.save(consent());
    const later = consent({ scopes: ['openid'], claims: [], createdAt: 1500, expiresAt: undefined });
    await store.save(later);
    expect(await store.find('alice', 'client')).toEqual(later);
    expect(await store.listBySubject('alice')).toEqual([later]);
  });

  it('keeps one of twenty that are saved at once', async () => {
    const store = await create();
    const all = Array.from({ length: 20 }, (_, index) => consent({ scopes: [`scope ${index}`] }));
    await Promise.all(all.map((one) => store.save(one)));
    const listed = await store.listBySubject('alice');
    expect(listed).toHaveLength(1);
    expect(all).toContainEqual(listed[0]);
  });

  it('lists those of a person, and nobody else’s', async () => {
    const store = await create();
    const own = [consent(), consent({ clientId: 'other' })];
    for (const one of [...own, consent({ subject: 'bob' })]) await store.save(one);
    const listed = await store.listBySubject('alice');
    expect(listed).toHaveLength(2);
    expect(listed).toEqual(expect.arrayContaining(own));
    expect(await store.listBySubject('nobody')).toEqual([]);
  });

  it('removes one, and is content when it is gone already', async () => {
    const store = await create();
    const [other, bobs] = [consent({ clientId: 'other' }), consent({ subject: 'bob' })];
    for (const one of [consent(), other, bobs]) await store.save(one);
    await store.remove('alice', 'client');
    await store.remove('alice', 'client');
    expect(await store.listBySubject('alice')).toEqual([other]);
    expect(await store.find('bob', 'client')).toEqual(bobs);
  });

  it('removes what has ended, in batches, and keeps what ends now, later or never', async () => {
    const store = await create();
    const ends = [10, 11, 12, 100, 101, undefined];
    for (const [index, expiresAt] of ends.entries()) await store.save(consent({ clientId: `${index}`, expiresAt }));
    expect(await store.removeExpired(100, 2)).toBe(2);
    expect(await store.removeExpired(100, 2)).toBe(1);
    expect(await store.removeExpired(100, 2)).toBe(0);
    const left = (await store.listBySubject('alice')).map(({ clientId }) => clientId);
    expect(left.sort()).toEqual(['3', '4', '5']);
  });
}
