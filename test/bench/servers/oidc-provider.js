// The peer, configured for the same work: JWT access tokens for resource servers, its own in-memory adapter.
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';
import {
  accessTokenLifetime,
  audienceOf,
  authorizationCodeLifetime,
  clientIds,
  highAssurance,
  identityTokenLifetime,
  person,
  publicJwkOf,
  readFixture,
  redirectUri,
  refreshTokenLifetime,
  scopes,
  sessionLifetime,
  webScopes,
} from '../fixture.js';
import { endWithParent } from './end.js';

endWithParent();
const { keys, clientKey, clientSecret, port, base } = readFixture();

const interactionPath = '/interaction/';

/** OpenID Connect Core §5.4. */
const profileClaims = [
  ...['name', 'family_name', 'given_name', 'middle_name', 'nickname', 'preferred_username', 'profile', 'picture'],
  ...['website', 'gender', 'birthdate', 'zoneinfo', 'locale', 'updated_at'],
];

const kinds = new Map(Object.entries(scopes).map(([kind, scope]) => [audienceOf(scope), { kind, scope }]));
const audiences = new Map(Object.keys(scopes).map((kind) => [clientIds[kind], audienceOf(scopes[kind])]));
for (const clientId of [clientIds.web, clientIds.webOffline]) audiences.set(clientId, audienceOf(scopes.RS256));
for (const clientId of [clientIds.signed, clientIds.bound, clientIds.pushed]) {
  audiences.set(clientId, audienceOf(scopes[highAssurance]));
}
audiences.set(clientIds.introspectionJwt, audienceOf(scopes.opaque));

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

function client(clientId, grantTypes, more) {
  return {
    client_id: clientId,
    client_secret: clientSecret,
    token_endpoint_auth_method: 'client_secret_basic',
    grant_types: grantTypes,
    redirect_uris: grantTypes.includes('authorization_code') ? [redirectUri] : [],
    response_types: grantTypes.includes('authorization_code') ? ['code'] : [],
    ...more,
  };
}

/** Those that do not come with a secret, or want something signed in another way than by default. */
const highAssuranceClients = [
  client(clientIds.signed, ['client_credentials'], {
    client_secret: undefined,
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: highAssurance,
    jwks: { keys: [{ ...publicJwkOf(clientKey), kid: clientIds.signed, alg: highAssurance, use: 'sig' }] },
  }),
  client(clientIds.bound, ['client_credentials'], { dpop_bound_access_tokens: true }),
  client(clientIds.introspectionJwt, ['client_credentials'], { introspection_signed_response_alg: highAssurance }),
];

const provider = new Provider(base, {
  clients: [
    ...highAssuranceClients,
    ...Object.keys(scopes).map((kind) => client(clientIds[kind], ['client_credentials'])),
    client(clientIds.refresh, ['authorization_code', 'refresh_token']),
    ...Object.keys(webScopes).map((clientId) =>
      client(clientId, ['authorization_code', ...(clientId === clientIds.webOffline ? ['refresh_token'] : [])], {
        id_token_signed_response_alg: clientId === clientIds.pushed ? highAssurance : 'RS256',
      }),
    ),
  ],
  jwks: { keys: keys.map(({ algorithm, kid, privateJwk }) => ({ ...privateJwk, kid, alg: algorithm, use: 'sig' })) },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    jwtIntrospection: { enabled: true },
    revocation: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: (_ctx, { clientId }) => audiences.get(clientId),
      useGrantedResource: () => true,
      getResourceServerInfo: (_ctx, resource) => resourceServers.get(resource),
    },
  },
  interactions: { url: (_ctx, { uid }) => `${interactionPath}${uid}` },
  claims: { openid: ['sub'], profile: profileClaims },
  rotateRefreshToken: true,
  // By default offline_access counts only in a request that has the person asked again.
  issueRefreshToken: (_ctx, forClient) => forClient.grantTypeAllowed('refresh_token'),
  ttl: {
    AccessToken: accessTokenLifetime,
    AuthorizationCode: authorizationCodeLifetime,
    ClientCredentials: accessTokenLifetime,
    Grant: refreshTokenLifetime,
    IdToken: identityTokenLifetime,
    Interaction: 3600,
    RefreshToken: refreshTokenLifetime,
    Session: sessionLifetime,
  },
  findAccount: (_ctx, accountId) =>
    accountId === person.subject ? { accountId, claims: () => ({ sub: accountId, ...person.claims }) } : undefined,
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

/** The pages: the person signs in, and agrees to what is asked for, without being shown anything. */
async function interact(request, response) {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  const result =
    prompt.name === 'login'
      ? { login: { accountId: person.subject, amr: ['pwd'] } }
      : { consent: { grantId: await agree(session.accountId, params.client_id, prompt.details) } };
  await provider.interactionFinished(request, response, result);
}

function agree(accountId, clientId, { missingOIDCScope = [], missingResourceScopes = {} }) {
  const grant = new provider.Grant({ accountId, clientId });
  grant.addOIDCScope(missingOIDCScope.join(' '));
  for (const [resource, names] of Object.entries(missingResourceScopes)) {
    grant.addResourceScope(resource, names.join(' '));
  }
  return grant.save();
}

const answer = provider.callback();
createServer((request, response) => {
  if (!request.url.startsWith(interactionPath)) return void answer(request, response);
  interact(request, response).catch((error) => response.writeHead(500).end(String(error)));
}).listen(port, '127.0.0.1');
