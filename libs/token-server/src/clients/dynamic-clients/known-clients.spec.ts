import { describe, expect, it } from '@jest/globals';
import { ClientStore, hashHandle, RegisteredClientStore, registeredClientId } from '@tessera/resource-model';
import { client, run } from '../../running-server.spec.fixture.js';

const registeredId = registeredClientId('x'.repeat(22));
const documentId = 'https://app.invalid/client.json';
const registered = {
  client: client(registeredId, { clientName: 'registered' }),
  accessTokenHash: hashHandle('x'),
  registeredAt: 1,
};

describe('The clients of a server', () => {
  it('are those of the configuration first: nobody takes the place of one, and no document is fetched for it', async () => {
    const clients = [
      client(registeredId, { clientName: 'configured' }),
      client(documentId, { clientName: 'configured' }),
    ];
    const server = await run({ clients, registration: { mode: 'open' }, clientIdMetadataDocuments: { hosts: ['*'] } });
    await server.app.get(RegisteredClientStore).add(registered, 1);
    for (const id of [registeredId, documentId]) {
      expect((await server.app.get(ClientStore).find(id))?.clientName).toBe('configured');
    }
  });

  it('are also those that registered, for as long as registration is on', async () => {
    for (const [mode, name] of [
      ['initial-access-token', 'registered'],
      ['off', undefined],
    ] as const) {
      const server = await run({ registration: { mode } });
      await server.app.get(RegisteredClientStore).add(registered, 1);
      expect((await server.app.get(ClientStore).find(registeredId))?.clientName).toBe(name);
      await server.close();
    }
  });

  it('are listed only where they are configured: nobody else has a say in what the server says of itself', async () => {
    const server = await run({ registration: { mode: 'open' } });
    const clients = server.app.get(ClientStore);
    const before = await clients.list();
    await server.app.get(RegisteredClientStore).add(registered, 1);
    expect(await clients.list()).toBe(before);
  });
});
