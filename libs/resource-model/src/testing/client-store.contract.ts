import { expect, it } from '@jest/globals';
import { Claim } from '../claim.js';
import { Client } from '../client.js';
import { Secret, sha256 } from '../secret.js';
import type { ClientStore } from '../stores/client.store.js';

const plain = () => new Client({ clientId: 'plain', allowedGrantTypes: ['client_credentials'] });
const off = () => new Client({ clientId: 'off', allowedGrantTypes: ['client_credentials'], enabled: false });
const rich = () =>
  new Client({
    clientId: 'Rich client',
    allowedGrantTypes: ['authorization_code'],
    clientName: 'Ärzte & Söhne \u0000',
    clientSecrets: [
      new Secret(sha256('one'), { description: 'old', expiration: 2_000_000_000 }),
      new Secret(sha256('two')),
    ],
    redirectUris: ['https://app.example.com/callback'],
    requirePkce: false,
    accessTokenLifetime: 60,
    userSsoLifetime: 7200,
    claims: [new Claim('tier', { gold: true, since: [2020, null] })],
    properties: { colour: 'blue' },
  });

/**
 * What every store of clients must do. Call it inside of a `describe`.
 * @param createWith a store in which there are these clients and no others
 */
export function clientStoreContract(createWith: (clients: readonly Client[]) => Promise<ClientStore>): void {
  const create = () => createWith([plain(), off(), rich()]);

  it('finds a client whole, also a disabled one, again and again', async () => {
    const store = await create();
    for (const client of [plain(), off(), rich(), plain(), off(), rich()]) {
      const found = await store.find(client.clientId);
      expect(found).toEqual(client);
      expect(found).toBeInstanceOf(Client);
    }
    expect((await store.find('Rich client'))?.clientSecrets[0]).toBeInstanceOf(Secret);
  });

  it('compares ids exactly', async () => {
    const store = await create();
    const others = [
      '',
      'Plain',
      'plain ',
      ' plain',
      'plai',
      'plain\u0000',
      '%',
      '__proto__',
      'ｐlain',
      'x'.repeat(5000),
    ];
    for (const clientId of others) expect(await store.find(clientId)).toBeUndefined();
  });

  it('lists all of them, in the very same array until something changes', async () => {
    const store = await create();
    const list = await store.list();
    const byId = (one: Client, other: Client) => (one.clientId < other.clientId ? -1 : 1);
    expect([...list].sort(byId)).toEqual([plain(), off(), rich()].sort(byId));
    expect(await store.list()).toBe(list);
  });

  it('lists nothing where there are none', async () => {
    expect(await (await createWith([])).list()).toEqual([]);
  });
}
