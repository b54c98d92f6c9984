// The peer, configured for the same work: JWT access tokens for resource servers, its own in-memory adapter.
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';
import { accessTokenLifetime, audienceOf, clientIds, person, readFixture, scopes } from '../fixture.js';
import { endWithParent } from './end.js';

endWithParent();
const { keys, clientSecret, port, base } = readFixture();

const kinds = new Map(Object.entries(scopes).map(([kind, scope]) => [audienceOf(scope), { kind, scope }]));
const audiences = new Map(Object.keys(scopes).map((kind) => [clientIds[kind], audienceOf(scopes[kind])]));

/** The form of token that a resource gets. Made once: the peer need not build the same object for each request. */
const resourceServers = new Map(
  [...kinds].map(([audience, { kind, scope }]) => [
    audience,
    {
      scope,
      audience,
      accessTokenTTL: accessTokenLifetime,
      ...(kind === 'opaque'
        ? { accessTokenFormat: 'opaque' }
        : { accessTokenFormat: 'jwt', jwt: { sign: { alg: kind, kid: kind.toLowerCase() } } }),
    },
  ]),
);

function client(clientId, grantTypes) {
  return {
    client_id: clientId,
    client_secret: clientSecret,
    token_endpoint_auth_method: 'client_secret_basic',
    grant_types: grantTypes,
    redirect_uris: grantTypes.includes('authorization_code') ? ['https://client.example.com/callback'] : [],
    response_types: grantTypes.includes('authorization_code') ? ['code'] : [],
  };
}

const provider = new Provider(base, {
  clients: [
    ...Object.keys(scopes).map((kind) => client(clientIds[kind], ['client_credentials'])),
    client(clientIds.refresh, ['authorization_code', 'refresh_token']),
  ],
  jwks: { keys: keys.map(({ algorithm, kid, privateJwk }) => ({ ...privateJwk, kid, alg: algorithm, use: 'sig' })) },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    revocation: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: (_ctx, { clientId }) => audiences.get(clientId),
      useGrantedResource: () => true,
      getResourceServerInfo: (_ctx, resource) => resourceServers.get(resource),
    },
  },
  rotateRefreshToken: true,
  ttl: {
    AccessToken: accessTokenLifetime,
    ClientCredentials: accessTokenLifetime,
    Grant: 14 * 86_400,
    IdToken: 300,
    RefreshToken: 14 * 86_400,
  },
  findAccount: (_ctx, accountId) =>
    accountId === person.subject ? { accountId, claims: () => ({ sub: accountId }) } : undefined,
});

/** A refresh token as a sign-in would have left it: the peer has no password grant to get one by. */
async function createRefreshToken() {
  const grant = new provider.Grant({ accountId: person.subject, clientId: clientIds.refresh });
  grant.addOIDCScope('openid offline_access');
  grant.addResourceScope(audienceOf(scopes.RS256), scopes.RS256);
  const token = new provider.RefreshToken({
    accountId: person.subject,
    client: await provider.Client.find(clientIds.refresh),
    grantId: await grant.save(),
    gty: 'authorization_code',
    authTime: Math.floor(Date.now() / 1000),
    amr: ['pwd'],
    resource: audienceOf(scopes.RS256),
    scope: `openid offline_access ${scopes.RS256}`,
    expiresWithSession: false,
    rotations: 0,
  });
  return token.save();
}

process.on('message', async ({ refreshTokens }) => {
  process.send({ refreshTokens: await Promise.all(Array.from({ length: refreshTokens }, createRefreshToken)) });
});

createServer(provider.callback()).listen(port, '127.0.0.1');
