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
  Client,
  type ClientInit,
  Clock,
  IdentityResources,
  ResourceOwnerPasswordValidator,
  Secret,
  sha256,
  TokenServerModule,
  type TokenServerExtensions,
  type TokenServerOptions,
  User,
} from './index.js';

export const issuer = 'https://id.example.com';

/** A clock that a test moves. */
export class FakeClock extends Clock {
  constructor(private seconds = Date.UTC(2030, 0, 1) / 1000) {
    super();
  }

  now(): number {
    return this.seconds;
  }

  advance(seconds: number): void {
    this.seconds += seconds;
  }
}

/** Passwords of the people below: each is the name backwards. */
class BackwardsPasswords extends ResourceOwnerPasswordValidator {
  async validate(username: string, password: string) {
    return people.some((person) => person.username === username) && password === [...username].reverse().join('')
      ? { subject: `subject-of-${username}` }
      : undefined;
  }
}

const people = ['alice', 'bob', 'mallory'].map(
  (username) =>
    new User({
      subject: `subject-of-${username}`,
      username,
      enabled: username !== 'mallory',
      claims: {
        name: `The ${username}`,
        email: `${username}@example.com`,
        role: 'admin',
        sub: 'forged',
        iss: 'forged',
      },
    }),
);

/** A client with the secret `secret`, and whatever differs. */
export function client(clientId: string, difference: Partial<ClientInit> = {}): Client {
  return new Client({
    clientId,
    allowedGrantTypes: ['client_credentials'],
    clientSecrets: [new Secret(sha256('secret'))],
    allowedScopes: ['api1'],
    ...difference,
  });
}

export const seed = {
  issuer,
  // Quickly made; RS256, the server's default, has tests of its own.
  signingAlgorithms: ['ES256'],
  identityResources: [IdentityResources.openId(), IdentityResources.profile(), IdentityResources.email()],
  apiScopes: [new ApiScope('api1.read', 'Read', { userClaims: ['role'] }), new ApiScope('shared')],
  apiResources: [
    new ApiResource('api1', 'My API', {
      scopes: ['api1', 'api1.read', 'shared'],
      apiSecrets: [new Secret(sha256('api1 secret'))],
    }),
    new ApiResource('api2', 'Another API', {
      scopes: ['api2', 'shared'],
      apiSecrets: [new Secret(sha256('api2 secret'))],
    }),
  ],
  clients: [
    client('simple_client'),
    client('ropg_client', {
      allowedGrantTypes: ['password'],
      allowedScopes: ['api1', 'api1.read', 'api2', 'shared', 'openid', 'profile'],
      allowOfflineAccess: true,
    }),
    client('other_client', { allowedGrantTypes: ['password'], allowedScopes: ['api1'], allowOfflineAccess: true }),
    client('public_client', {
      allowedGrantTypes: ['password'],
      clientSecrets: [],
      requireClientSecret: false,
      allowedScopes: ['api1', 'openid'],
      allowedCorsOrigins: ['https://app.example.com'],
    }),
    client('reference_client', { accessTokenType: 'reference' }),
    client('disabled_client', { enabled: false }),
  ],
  users: people,
} satisfies TokenServerOptions;

export type Json = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- answers are compared, not used

/** An answer, read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Json;
}

export interface RunningServer {
  readonly url: string;
  readonly app: INestApplication;
  readonly clock: FakeClock;
  /** Posts a form; `basic` is `id:secret`. */
  post(
    path: string,
    form: string | Record<string, string>,
    options?: { basic?: string; headers?: Record<string, string> },
  ): Promise<Answer>;
  send(path: string, init?: RequestInit): Promise<Answer>;
  close(): Promise<void>;
}

const running = new Set<INestApplication>();
// Also after a test that failed half-way: an open server would keep the run from ending.
afterAll(async () => {
  for (const app of running) await app.close();
  running.clear();
});

export const adapters = ['fastify', 'express'] as const;

/** The seed, or what a test makes of it, listening on a free port of the loopback address. */
export async function run(
  options: Partial<TokenServerOptions & TokenServerExtensions> = {},
  { adapter = 'fastify', logger = false }: { adapter?: (typeof adapters)[number]; logger?: LoggerService | false } = {},
): Promise<RunningServer> {
  const clock = new FakeClock();
  const module = TokenServerModule.forRoot({
    ...seed,
    ...options,
    providers: [
      { provide: Clock, useValue: clock },
      { provide: ResourceOwnerPasswordValidator, useClass: BackwardsPasswords },
      ...(options.providers ?? []),
    ],
  });
  const app = await NestFactory.create(module, adapter === 'fastify' ? new FastifyAdapter() : new ExpressAdapter(), {
    logger,
    abortOnError: false,
  });
  running.add(app);
  await app.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${(app.getHttpServer() as { address(): AddressInfo }).address().port}`;
  const send: RunningServer['send'] = async (path, init) =>
    read(await fetch(`${url}/${path}`, { redirect: 'manual', ...init }));
  return {
    url,
    app,
    clock,
    send,
    post: (path, form, { basic, headers } = {}) =>
      send(path, {
        method: 'POST',
        body: new URLSearchParams(form),
        headers: { ...(basic && { authorization: basicHeader(basic) }), ...headers },
      }),
    close: async () => {
      running.delete(app);
      await app.close();
    },
  };
}

export function basicHeader(pair: string): string {
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parse(text) };
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return {};
  }
}

/** The claims of a JWT, unchecked. */
export function claimsOf(jwt: string): Json {
  return JSON.parse(Buffer.from(jwt.split('.')[1]!, 'base64url').toString()) as Json;
}

/** The header of a JWT, unchecked. */
export function headerOf(jwt: string): Json {
  return JSON.parse(Buffer.from(jwt.split('.')[0]!, 'base64url').toString()) as Json;
}
