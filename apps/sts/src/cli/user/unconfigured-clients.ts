import { Client, GrantTypes, RefreshTokenStore, RegisteredClientStore, type StoreSource } from '@tessera/token-server';

const pageSize = 100;

/** Clients that may have something of a person and that nobody configured: all that registered, and those with tokens that a document describes. */
export async function* unconfiguredClients(subject: string, stores: StoreSource): AsyncGenerator<Client> {
  const registered = stores.get(RegisteredClientStore);
  const known = new Set<string>();
  for (let after = ''; ;) {
    const page = await registered.page(after, pageSize);
    for (const { client } of page) {
      known.add(client.clientId);
      yield client;
    }
    if (page.length < pageSize) break;
    after = page.at(-1)!.client.clientId;
  }
  const tokens = await stores.get(RefreshTokenStore).listBySubject(subject);
  const others = new Set(tokens.map(({ clientId }) => clientId).filter((clientId) => !known.has(clientId)));
  // What is granted to them lasts as long as for any client that names no span of its own.
  for (const clientId of others) {
    yield new Client({ clientId, allowedGrantTypes: [GrantTypes.authorizationCode], allowOfflineAccess: true });
  }
}
