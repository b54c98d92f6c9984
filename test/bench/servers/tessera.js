// Tessera, embedded as the deployable server embeds it: Fastify, no request log, everything in memory.
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AccountsModule } from '@tessera/accounts';
import {
  ApiResource,
  ApiScope,
  IdentityResources,
  InMemorySigningKeyStore,
  Secret,
  sha256,
  SigningKeyStore,
  TokenServerModule,
  User,
} from '@tessera/token-server';
import { accessTokenLifetime, algorithms, audienceOf, clientIds, person, readFixture, scopes } from '../fixture.js';
import { endWithParent } from './end.js';

endWithParent();
const { keys, clientSecret, passwordHash, port, base } = readFixture();

function apiResource([kind, scope]) {
  return new ApiResource(audienceOf(scope), undefined, {
    scopes: [scope],
    allowedAccessTokenSigningAlgorithms: algorithms.filter((algorithm) => algorithm === kind),
  });
}

function client(clientId, more) {
  return { clientId, clientSecrets: [new Secret(sha256(clientSecret))], accessTokenLifetime, ...more };
}

const clients = [
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
];

const signingKeys = new InMemorySigningKeyStore();
for (const key of keys) await signingKeys.add({ ...key, createdAt: Math.floor(Date.now() / 1000) });

const module = TokenServerModule.forRoot({
  issuer: base,
  signingAlgorithms: algorithms,
  identityResources: [IdentityResources.openId()],
  apiScopes: Object.values(scopes).map((scope) => new ApiScope(scope)),
  apiResources: Object.entries(scopes).map(apiResource),
  clients,
  users: [new User({ subject: person.subject, username: person.username, passwordHash })],
  imports: [AccountsModule],
  providers: [{ provide: SigningKeyStore, useValue: signingKeys }],
});
const app = await NestFactory.create(module, new FastifyAdapter(), { logger: false });
await app.listen(port, '127.0.0.1');
