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
    for (const one of added) await store.add(one);
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
    for (const one of [...added].reverse()) await store.add(one);
    expect(await store.page('', 3)).toEqual(added.slice(0, 3));
    expect(await store.page('c', 3)).toEqual(added.slice(3));
    expect(await store.page('d', 3)).toEqual([]);
  });

  it('replaces one as a whole, and none that is gone', async () => {
    const store = await create();
    const [first, other] = [registered('one', { initialAccessToken: 'partner' }), registered('two')];
    await store.add(first);
    await store.add(other);
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
    await store.add(one);
    await store.add(registered('two'));
    const [removals] = await Promise.all([
      Promise.all(Array.from({ length: 5 }, () => store.remove('one'))),
      Promise.all(Array.from({ length: 5 }, () => store.replace(one))),
    ]);
    expect(removals.filter(Boolean)).toHaveLength(1);
    expect(await store.find('one')).toBeUndefined();
    expect(await store.count()).toBe(1);
  });
}
