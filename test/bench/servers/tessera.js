// Tessera, embedded as the deployable server embeds it: Fastify, no request log. Everything is in memory, or all that it issues is in a database.
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AccountsModule } from '@tessera/accounts';
import {
  ApiResource,
  ApiScope,
  IdentityResources,
  Secret,
  sha256,
  SigningKeyStore,
  TokenServerModule,
  User,
} from '@tessera/token-server';
import {
  accessTokenLifetime,
  algorithms,
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
import { PersonModule } from './tessera-person.js';

endWithParent();
const { keys, clientKey, clientSecret, encryptionKey, passwordHash, port, base, database } = readFixture();

function apiResource([kind, scope]) {
  return new ApiResource(audienceOf(scope), undefined, {
    scopes: [scope],
    allowedAccessTokenSigningAlgorithms: algorithms.filter((algorithm) => algorithm === kind),
  });
}

function client(clientId, more) {
  return {
    clientId,
    clientSecrets: [new Secret(sha256(clientSecret))],
    accessTokenLifetime,
    identityTokenLifetime,
    authorizationCodeLifetime,
    absoluteRefreshTokenLifetime: refreshTokenLifetime,
    ...more,
  };
}

/** Those that do not come with a secret, or want something signed in another way than by default. */
const highAssuranceClients = [
  client(clientIds.signed, {
    clientSecrets: [],
    allowedGrantTypes: ['client_credentials'],
    allowedScopes: [scopes[highAssurance]],
    tokenEndpointAuthMethod: 'private_key_jwt',
    tokenEndpointAuthSigningAlg: highAssurance,
    jwks: { keys: [{ ...publicJwkOf(clientKey), kid: clientIds.signed, alg: highAssurance, use: 'sig' }] },
  }),
  client(clientIds.bound, {
    allowedGrantTypes: ['client_credentials'],
    allowedScopes: [scopes[highAssurance]],
    requireDpop: true,
  }),
  client(clientIds.introspectionJwt, {
    allowedGrantTypes: ['client_credentials'],
    allowedScopes: [scopes.opaque],
    accessTokenType: 'reference',
    introspectionSignedResponseAlg: highAssurance,
  }),
];

const clients = [
  ...highAssuranceClients,
  ...Object.entries(scopes).map(([kind, scope]) =>
    client(clientIds[kind], {
      allowedGrantTypes: ['client_credentials'],
      allowedScopes: [scope],
      accessTokenType: kind === 'opaque' ? 'reference' : 'jwt',
    }),
  ),
  client(clientIds.refresh, {
    allowedGrantTypes: ['password'],
    allowedScopes: ['openid', scopes.RS256],
    allowOfflineAccess: true,
  }),
  ...Object.entries(webScopes).map(([clientId, scope]) =>
    client(clientId, {
      allowedGrantTypes: ['authorization_code'],
      allowedScopes: scope.split(' ').filter((name) => name !== 'offline_access'),
      allowOfflineAccess: clientId === clientIds.webOffline,
      redirectUris: [redirectUri],
      // The peer looks for what was agreed to in each request, so we do as well.
      requireConsent: true,
      allowedIdentityTokenSigningAlgorithms: clientId === clientIds.pushed ? [highAssurance] : [],
      accessTokenType: clientId === clientIds.profileOpaque ? 'reference' : 'jwt',
    }),
  ),
];

/** Loaded only where it is used: the start of the server in memory should not pay for it. */
async function storesIn(url) {
  const { TypeOrmStores } = await import('@tessera/typeorm-store');
  return TypeOrmStores.forRoot({ url, encryptionKeys: [encryptionKey] });
}

const { subject, username, claims } = person;
const module = TokenServerModule.forRoot({
  issuer: base,
  signingAlgorithms: algorithms,
  identityResources: [IdentityResources.openId(), IdentityResources.profile()],
  apiScopes: Object.values(scopes).map((scope) => new ApiScope(scope)),
  apiResources: Object.entries(scopes).map(apiResource),
  clients,
  users: [new User({ subject, username, passwordHash, claims })],
  sessions: { lifetime: sessionLifetime, idleTimeout: sessionLifetime },
  imports: [AccountsModule, PersonModule],
  stores: database && (await storesIn(database)),
});
const app = await NestFactory.create(module, new FastifyAdapter(), { logger: false });
// Before it listens: that is when the server reads its keys, and would make those that lack.
const signingKeys = app.get(SigningKeyStore);
const createdAt = Math.floor(Date.now() / 1000);
for (const key of keys) await signingKeys.add({ ...key, generation: 1, createdAt, signsFrom: createdAt });
await app.listen(port, '127.0.0.1');
