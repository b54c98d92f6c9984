import { expect, it } from '@jest/globals';
import { InMemoryClientStore } from '@tessera/resource-model';
import { ClientStore } from './index.js';
import { client, run } from './running-server.spec.fixture.js';

const warnings: string[] = [];
const logger = { log() {}, error() {}, warn: (text: unknown) => void warnings.push(String(text)) };
const startWith = (kept: ReturnType<typeof client>[]) =>
  run(
    {
      clients: [],
      profile: 'oauth21',
      providers: [{ provide: ClientStore, useValue: new InMemoryClientStore(kept) }],
    },
    { logger },
  );

it('A client in a database that was made before the server got a profile is named at start, with rule and remedy', async () => {
  const web = { allowedGrantTypes: ['authorization_code'], redirectUris: ['https://app.example.com/cb'] };
  await startWith([
    client('good', web),
    client('bad', { ...web, requirePkce: false }),
    client('off', { ...web, requirePkce: false, enabled: false }),
  ]);
  expect(warnings.filter((text) => text.includes('profile'))).toEqual([
    "In the database, client 'bad' breaks profile 'oauth21': Authorization codes come with a proof key (PKCE). (OAuth 2.1 §4.1.1) It needs requirePkce: true.",
  ]);
});

it('Of many of them the first are named, and how many there are', async () => {
  warnings.length = 0;
  await startWith(Array.from({ length: 12 }, (_, index) => client(`machine${index}`, { allowPlainTextPkce: true })));
  const told = warnings.filter((text) => text.includes('In the database') || text.includes('sts doctor'));
  expect(told).toHaveLength(11);
  expect(told[10]).toBe('Clients in the database break 2 more rules: sts doctor names them.');
});
