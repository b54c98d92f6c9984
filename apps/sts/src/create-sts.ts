import type { IncomingMessage } from 'node:http';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { clientCertificateTls, InteractionPages } from '@tessera/token-server';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Settings } from './configuration/settings.js';
import { HealthController } from './health/health.controller.js';
import { NestLog } from './logging/server-log.js';
import { correlationId, logRequests, refuseUnroutable } from './logging/request-log.js';
import { letConnectionsEnd } from './stopping/graceful-stop.js';
import { StrayRequestFilter } from './stray-request.filter.js';
import { StsModule } from './sts.module.js';
import { cipherSuites } from './tls/cipher-suites.js';
import type { TlsFiles } from './tls/certificate-files.js';

/** Forms are small: the largest thing in one is a token. */
const bodyLimit = 64 * 1024;
/** A request that takes longer to arrive than this is an attack or a lost cause. */
const requestTimeoutMilliseconds = 30_000;

/** The server, ready to listen. */
export async function createSts(
  settings: Settings,
  tls: TlsFiles | undefined,
  log: Logger,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    ...(tls && { https: { ...tls, ciphers: cipherSuites, ...clientCertificateTls(settings.options.mtls) } }),
    logger: false,
    bodyLimit,
    requestTimeout: requestTimeoutMilliseconds,
    trustProxy: settings.environment.trustProxy,
    genReqId: correlationId,
    frameworkErrors: refuseUnroutable(log),
    rewriteUrl: pathWithout(new URL(settings.options.issuer).pathname),
  } as ConstructorParameters<typeof FastifyAdapter>[0]);
  const server = adapter.getInstance<FastifyInstance>();
  // Forms are all that is read. A body of any other type is let through unread: the endpoint says what is wrong with it.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (_request, payload, done) => {
    payload.resume();
    done(null, undefined);
  });
  // Metadata of clients is JSON; the endpoint parses the text, so that it says itself what is wrong with it.
  if (settings.options.registration !== undefined) readJsonAsText(server);
  logRequests(server, log);
  const app = await NestFactory.create<NestFastifyApplication>(StsModule.forRoot(settings), adapter, {
    logger: new NestLog(log),
    abortOnError: false,
    bodyParser: false,
  });
  const health = app.get(HealthController);
  letConnectionsEnd(server, () => health.isStopping);
  app.useBodyParser('application/x-www-form-urlencoded', { bodyLimit });
  app.useGlobalFilters(new StrayRequestFilter(app.get(InteractionPages, { strict: false })));
  return app;
}

function readJsonAsText(server: FastifyInstance): void {
  server.addContentTypeParser('application/json', { parseAs: 'string', bodyLimit }, (_request, body, done) => {
    done(null, body);
  });
}

/**
 * An issuer with a path is served under that path, whether or not a proxy in front takes it away; the metadata of RFC 8414 §3.1
 * stand before the path, not behind it.
 */
function pathWithout(issuerPath: string): (request: IncomingMessage) => string {
  const prefix = issuerPath.replace(/\/$/, '');
  const metadata = '/.well-known/oauth-authorization-server';
  return ({ url = '/' }) => {
    const [path = '/'] = url.split('?', 1);
    if (prefix === '') return url;
    if (path === metadata + prefix) return metadata;
    if (path === prefix) return '/';
    return path.startsWith(`${prefix}/`) ? url.slice(prefix.length) : url;
  };
}
