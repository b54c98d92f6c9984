import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { afterAll } from '@jest/globals';
import type { INestApplication, LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import {
  ApiResource,
  ApiScope,
  Clock,
  type ClientInit,
  IdentityResources,
  ResourceOwnerPasswordValidator,
  Secret,
  sha256,
  TokenServerModule,
  TooManyAttemptsError,
  User,
} from '@tessera/token-server';
import { PagesModule, type PagesExtensions } from './pages.module.js';
import type { PagesOptions } from './pages.options.js';

export const issuer = 'https://id.example.com';

/** A clock that a test moves. */
export class FakeClock extends Clock {
  constructor(private seconds = Date.UTC(2030, 0, 15) / 1000) {
    super();
  }

  now(): number {
    return this.seconds;
  }

  advance(seconds: number): void {
    this.seconds += seconds;
  }
}

/** Everybody's password is the name backwards; whoever is called `patience` has tried too often. */
class BackwardsPasswords extends ResourceOwnerPasswordValidator {
  async validate(username: string, password: string) {
    if (username === 'patience') throw new TooManyAttemptsError(27);
    if (username === 'long-patience') throw new TooManyAttemptsError(600);
    if (!['alice', 'bob'].includes(username) || password !== [...username].reverse().join('')) return undefined;
    return { subject: `subject-of-${username}`, methods: ['pwd'] };
  }
}

/** A web application, and whatever differs. */
export function client(clientId: string, difference: Partial<ClientInit> = {}): ClientInit {
  return {
    clientId,
    clientName: 'Acme Notes',
    clientUri: 'https://notes.example/',
    initiateLoginUri: 'https://notes.example/start',
    allowedGrantTypes: [
      'authorization_code',
      'urn:ietf:params:oauth:grant-type:device_code',
      'urn:openid:params:grant-type:ciba',
    ],
    backchannelTokenDeliveryMode: 'poll',
    clientSecrets: [new Secret(sha256('secret'))],
    redirectUris: ['https://notes.example/callback'],
    postLogoutRedirectUris: ['https://notes.example/bye'],
    allowedScopes: ['openid', 'profile', 'email', 'notes', 'notes.all'],
    allowOfflineAccess: true,
    ...difference,
  };
}

const running = new Set<INestApplication>();
// Also after a test that failed half-way: an open server would keep the run from ending.
afterAll(async () => {
  for (const app of running) await app.close();
  running.clear();
});

export const adapters = ['fastify', 'express'] as const;

export interface RunningPages {
  readonly app: INestApplication;
  readonly url: string;
  readonly clock: FakeClock;
}

/** A server with pages, listening on a free port of the loopback address. */
export async function runPages(
  {
    clients = [client('notes')],
    ...options
  }: Partial<PagesOptions> & PagesExtensions & { clients?: ClientInit[] } = {},
  { adapter = 'fastify', logger = false }: { adapter?: (typeof adapters)[number]; logger?: LoggerService | false } = {},
): Promise<RunningPages> {
  const clock = new FakeClock();
  const module = TokenServerModule.forRoot({
    issuer,
    signingAlgorithms: ['ES256'],
    identityResources: [IdentityResources.openId(), IdentityResources.profile(), IdentityResources.email()],
    apiScopes: [new ApiScope('notes.all', 'Read all notes', { emphasize: true })],
    apiResources: [new ApiResource('notes', 'Notes API', { scopes: ['notes', 'notes.all'] })],
    clients,
    users: ['alice', 'bob'].map(
      (username) => new User({ subject: `subject-of-${username}`, username, claims: { name: `The ${username}` } }),
    ),
    imports: [PagesModule.forRoot(options)],
    providers: [
      { provide: Clock, useValue: clock },
      { provide: ResourceOwnerPasswordValidator, useClass: BackwardsPasswords },
    ],
  });
  const app = await NestFactory.create(module, adapter === 'fastify' ? new FastifyAdapter() : new ExpressAdapter(), {
    logger,
    abortOnError: false,
  });
  running.add(app);
  await app.listen(0, '127.0.0.1');
  const { port } = (app.getHttpServer() as { address(): AddressInfo }).address();
  return { app, url: `http://127.0.0.1:${port}`, clock };
}
