import { describe, expect, it } from '@jest/globals';
import {
  Client,
  hashHandle,
  InMemoryRefreshTokenStore,
  InMemoryRegisteredClientStore,
  type RefreshToken,
  RefreshTokenStore,
  RegisteredClientStore,
  type StoreSource,
} from '@tessera/token-server';
import { unconfiguredClients } from './unconfigured-clients.js';

describe('The clients of a person that nobody configured', () => {
  it('are all that registered, and those that have tokens of the person, each once', async () => {
    const [registered, tokens] = [new InMemoryRegisteredClientStore(), new InMemoryRefreshTokenStore()];
    const ids = Array.from({ length: 120 }, (_one, index) => `dyn_${String(index).padStart(3, '0')}`);
    for (const clientId of ids) {
      const client = new Client({ clientId, allowedGrantTypes: ['authorization_code'] });
      await registered.add({ client, accessTokenHash: hashHandle(clientId), registeredAt: 1 }, ids.length);
    }
    const described = 'https://app.example.com/client.json';
    for (const [clientId, subject] of [
      [described, '1'],
      [described, '1'],
      [ids[0]!, '1'],
      ['https://other.example.com/x', '2'],
    ] as const) {
      const token = { handleHash: hashHandle(`${Math.random()}`), familyId: `${Math.random()}`, clientId, subject };
      await tokens.add({ ...token, scopes: [], createdAt: 1, familyCreatedAt: 1 } as unknown as RefreshToken);
    }
    const stores: StoreSource = {
      get: (store) =>
        new Map<unknown, unknown>([
          [RegisteredClientStore, registered],
          [RefreshTokenStore, tokens],
        ]).get(store) as never,
    };
    const found: string[] = [];
    for await (const { clientId } of unconfiguredClients('1', stores)) found.push(clientId);
    expect(found).toEqual([...ids, described]);
  });
});
