import 'reflect-metadata';
import type { Server } from 'node:net';
import type { DynamicModule, INestApplication, LogLevel, LoggerService, Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AccountsModule } from '@tessera/accounts';
import {
  clientCertificateTls,
  Clock,
  InMemorySignInAttempts,
  resolveOptions,
  SignInAttempts,
  type TokenServerExtensions,
  TokenServerModule,
  type TokenServerOptions,
} from '@tessera/token-server';
import { freePort } from '../libs/typeorm-store/src/testing/free-port.fixture.js';
import { type ClientTls, developmentTls, fetchTrusting } from './development-tls.js';
import { type Requests, requestsTo } from './requests.js';
import { seed } from './seed.js';
import { createTestStores, encryptionKey, type TestStores } from './stores/test-stores.js';

export { basic, bearer } from './requests.js';
export { seed } from './seed.js';

export type ServerOptions = TokenServerOptions & TokenServerExtensions;

/** What a spec wants of the server; everything left out is as in the seed. */
export interface ServerPlan {
  /** Each option given takes the place of the seed's. Without `issuer` the server's own URL is the issuer. */
  options?: Partial<ServerOptions>;
  /** Default: the system's. A `FakeClock` stands still until it is moved. */
  clock?: Clock;
  /** Default: fastify. */
  adapter?: 'fastify' | 'express';
  /** Speaks https, with a development certificate that the server's `fetch` trusts; asks for certificates where `mtls` says so. */
  tls?: boolean;
  /** How the options become a module. Default: `TokenServerModule.forRoot`. */
  module?: (options: ServerOptions) => DynamicModule;
  /** Called with the application before it listens: filters, middleware. */
  prepare?: (app: INestApplication) => void;
  /** Default: warnings and errors, on the console. */
  logger?: LoggerService | LogLevel[] | false;
}

/** A server that listens on 127.0.0.1, on a port of its own. */
export interface RunningServer extends Requests {
  /** Without a slash at the end; the issuer, unless the plan names another. */
  readonly url: string;
  readonly app: INestApplication;
  /** Reaches the server over https as well. */
  readonly fetch: typeof globalThis.fetch;
  /** As `fetch`, over connections that the certificate authenticates. */
  fetchAs(certificate: ClientTls): typeof globalThis.fetch;
  close(): Promise<void>;
}

/** A clock that a spec sets. Seconds since 1970; starts at the present. */
export class FakeClock extends Clock {
  constructor(private time = Math.floor(Date.now() / 1000)) {
    super();
  }

  now(): number {
    return this.time;
  }

  advance(seconds: number): void {
    this.time += seconds;
  }
}

/** Starts a token server as an application embeds it. */
export async function startServer(plan: ServerPlan = {}): Promise<RunningServer> {
  const tls = plan.tls ? await developmentTls() : undefined;
  const stores = await createTestStores();
  const { app, url } = await listenOnFreePort(tls ? 'https' : 'http', (url) => create(plan, url, tls, stores));
  const fetchAs = (certificate?: ClientTls) => (tls ? fetchTrusting(tls.ca, certificate) : globalThis.fetch);
  const fetch = fetchAs();
  const close = async () => {
    await app.close();
    await stores?.remove();
  };
  return { url, app, fetch, fetchAs, ...requestsTo(url, fetch), close };
}

/** The issuer must be known before the server listens, so the port is chosen first; should somebody else take it, another is. */
export async function listenOnFreePort<App extends INestApplication>(
  scheme: 'http' | 'https',
  create: (url: string) => Promise<App>,
  attempts = 5,
): Promise<{ app: App; url: string }> {
  const port = await freePort();
  const url = `${scheme}://127.0.0.1:${port}`;
  const app = await create(url);
  try {
    await app.listen(port, '127.0.0.1');
    // A spec that fails before it closes the server must not keep Jest from ending.
    (app.getHttpServer() as Server).unref();
    return { app, url };
  } catch (error) {
    await app.close();
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || attempts === 1) throw error;
    return listenOnFreePort(scheme, create, attempts - 1);
  }
}

async function create(
  { options = {}, clock, adapter, module, prepare, logger }: ServerPlan,
  url: string,
  tls: { cert: string; key: string } | undefined,
  stores: TestStores | undefined,
): Promise<INestApplication> {
  const complete: ServerOptions = {
    issuer: url,
    ...seed,
    imports: [AccountsModule],
    ...options,
    stores: options.stores ?? (stores && (await keptIn(stores, options))),
    providers: [...(clock ? goingBy(clock) : []), ...(options.providers ?? [])],
  };
  const https = tls && { ...tls, ...clientCertificateTls(options.mtls) };
  const app = await NestFactory.create<INestApplication>(
    module ? module(complete) : TokenServerModule.forRoot(complete),
    await adapterOf(adapter, https),
    { logger: logger ?? ['warn', 'error', 'fatal'], abortOnError: false, httpsOptions: https },
  );
  prepare?.(app);
  return app;
}

/** Each spec file loads its modules anew, so what it does not use is left out. */
async function adapterOf(name: ServerPlan['adapter'], tls: { cert: string; key: string } | undefined) {
  if (name === 'express') return new (await import('@nestjs/platform-express')).ExpressAdapter();
  const { FastifyAdapter } = await import('@nestjs/platform-fastify');
  return new FastifyAdapter(tls && { https: tls });
}

/** A database counts tries by its own clock, which no spec can move: with a clock of the spec they are counted in memory, by that one. */
function goingBy(clock: Clock): Provider[] {
  return [
    { provide: Clock, useValue: clock },
    { provide: SignInAttempts, useValue: new InMemorySignInAttempts(clock) },
  ];
}

/** As the deployable server does it: what the options declare is in the database, too. */
async function keptIn({ url }: TestStores, options: Partial<ServerOptions>): Promise<DynamicModule> {
  const { TypeOrmStores } = await import('@tessera/typeorm-store');
  const { configuration: declared } = resolveOptions({ issuer: url, ...seed, ...options }).resolved;
  return TypeOrmStores.forRoot({ url, encryptionKeys: [encryptionKey], poolSize: 4, configuration: { declared } });
}
