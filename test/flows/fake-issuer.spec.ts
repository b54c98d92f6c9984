import { FakeIssuer } from '@tessera/jwt-guard/testing';
import * as client from 'openid-client';

let issuer: FakeIssuer;
beforeAll(async () => (issuer = await FakeIssuer.start({ audience: 'orders' })));
afterAll(() => issuer.close());

/** An issuer for tests is worth something when clients take it for a real one. */
it.each(['oidc', 'oauth2'] as const)(
  'openid-client takes a fake issuer for a real one, found by %s',
  async (algorithm) => {
    const authentication = client.ClientSecretBasic('any secret: 100%');
    const settings = { algorithm, execute: [client.allowInsecureRequests] };
    const server = await client.discovery(new URL(issuer.url), 'a shop', {}, authentication, settings);
    const tokens = await client.clientCredentialsGrant(server, { scope: 'orders.read' });
    const asked = () => client.tokenIntrospection(server, tokens.access_token);
    expect(await asked()).toMatchObject({ active: true, client_id: 'a shop', aud: 'orders', scope: 'orders.read' });
    await client.tokenRevocation(server, tokens.access_token);
    expect(await asked()).toEqual({ active: false });
  },
);
