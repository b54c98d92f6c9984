import { expect, it } from '@jest/globals';
import { Client } from '../client.js';
import { createHandle, hashHandle } from '../handle.js';
import type { RegisteredClient } from '../registered-client.js';
import { Secret, sha256 } from '../secret.js';
import type { RegisteredClientStore } from '../stores/registered-client.store.js';

const registered = (clientId: string, difference: Partial<RegisteredClient> = {}): RegisteredClient => ({
  client: new Client({
    clientId,
    allowedGrantTypes: ['authorization_code'],
    clientName: 'Ärzte & Söhne',
    clientSecrets: [new Secret(sha256('one'), { expiration: 2_000_000_000 })],
    redirectUris: ['https://app.example.com/callback'],
    subjectType: 'pairwise',
    pairwiseSubjectSalt: 'a salt that is long enough',
    properties: { software_id: 'x' },
  }),
  accessTokenHash: hashHandle(createHandle()),
  registeredAt: 1_900_000_000,
  ...difference,
});

/** What every store of registered clients must do. Call it inside of a `describe`. */
export function registeredClientStoreContract(create: () => Promise<RegisteredClientStore>): void {
  it('finds what was added, whole, and nothing else', async () => {
    const store = await create();
    const added = [registered('one', { initialAccessToken: 'partner' }), registered('two')];
    for (const one of added) await store.add(one, 100);
    for (const one of added) {
      const found = await store.find(one.client.clientId);
      expect(found).toEqual(one);
      expect(found?.client).toBeInstanceOf(Client);
      expect(found?.client.clientSecrets[0]).toBeInstanceOf(Secret);
    }
    for (const id of ['One', 'one ', '', '%', '__proto__']) expect(await store.find(id)).toBeUndefined();
    expect(await store.count()).toBe(2);
  });

  it('gives all of them, some at a time, in the order of their ids', async () => {
    const store = await create();
    const added = ['a', 'b', 'c', 'd'].map((id) => registered(id));
    for (const one of [...added].reverse()) await store.add(one, 100);
    expect(await store.page('', 3)).toEqual(added.slice(0, 3));
    expect(await store.page('c', 3)).toEqual(added.slice(3));
    expect(await store.page('d', 3)).toEqual([]);
  });

  it('replaces one as a whole, and none that is gone', async () => {
    const store = await create();
    const [first, other] = [registered('one', { initialAccessToken: 'partner' }), registered('two')];
    await store.add(first, 100);
    await store.add(other, 100);
    const client = new Client({ clientId: 'one', allowedGrantTypes: ['client_credentials'] });
    const second = { client, accessTokenHash: hashHandle('new'), registeredAt: 1_900_000_001 };
    expect(await store.replace(second)).toBe(true);
    expect(await store.find('one')).toEqual(second);
    expect(await store.find('two')).toEqual(other);
    expect(await store.replace(registered('three'))).toBe(false);
    expect(await store.find('three')).toBeUndefined();
  });

  it('removes one, once, and never brings it back by a replacement at the same time', async () => {
    const store = await create();
    const one = registered('one');
    await store.add(one, 100);
    await store.add(registered('two'), 100);
    const [removals] = await Promise.all([
      Promise.all(Array.from({ length: 5 }, () => store.remove('one'))),
      Promise.all(Array.from({ length: 5 }, () => store.replace(one))),
    ]);
    expect(removals.filter(Boolean)).toHaveLength(1);
    expect(await store.find('one')).toBeUndefined();
    expect(await store.count()).toBe(1);
  });

  it('adds no more than there may be, however many come at once', async () => {
    const store = await create();
    const ids = Array.from({ length: 12 }, (_, index) => `client ${index}`);
    const added = await Promise.all(ids.map((id) => store.add(registered(id), 5)));
    expect(added.filter(Boolean)).toHaveLength(5);
    expect(await store.count()).toBe(5);
    for (const [index, id] of ids.entries()) expect((await store.find(id)) !== undefined).toBe(added[index]);
    await store.remove(ids[added.indexOf(true)]!);
    expect([await store.add(registered('a'), 5), await store.add(registered('b'), 5)]).toEqual([true, false]);
  });

  it('removes those that ended unused, some at a time, and keeps those that were used', async () => {
    const store = await create();
    for (const [id, unusedUntil] of Object.entries({ a: 10, b: 11, c: 12, used: 10, young: 20 })) {
      await store.add(registered(id, { unusedUntil }), 100);
    }
    await store.add(registered('trusted'), 100);
    for (const id of ['used', 'unknown']) await store.keep(id);
    expect((await store.find('used'))?.unusedUntil).toBeUndefined();
    expect((await store.find('young'))?.unusedUntil).toBe(20);
    expect([await store.removeExpired(12, 1), await store.removeExpired(12, 5)]).toEqual([1, 1]);
    expect((await store.page('', 9)).map(({ client }) => client.clientId)).toEqual(['c', 'trusted', 'used', 'young']);
  });

  it('does not let a replacement make a used one end again, nor an unused one stay', async () => {
    const store = await create();
    const [used, unused] = [registered('used', { unusedUntil: 10 }), registered('unused', { unusedUntil: 10 })];
    await store.add(used, 100);
    await store.add(unused, 100);
    await store.keep('used');
    await store.replace(used);
    await store.replace(registered('unused'));
    expect((await store.find('used'))?.unusedUntil).toBeUndefined();
    expect((await store.find('unused'))?.unusedUntil).toBe(10);
  });
}
