import { randomBytes } from 'node:crypto';
import type { LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { Clock } from './clock.js';
import type { Environment } from './environment.js';
import { logRequests } from './http/request-log.js';
import { responseHeaders, setResponseHeaders } from './http/response-headers.js';
import type { WebReply, WebRequest } from './http/exchange.js';

/** A logout token is the largest thing that anybody has to send. */
const bodyLimit = 16 * 1024;

/** For the requests that are being answered when the process shall end. */
const patienceMilliseconds = 1000;

/** The application, ready to listen. */
export async function createApp(
  environment: Environment,
  logger: LoggerService | false,
  clock = new Clock(),
): Promise<NestFastifyApplication> {
  const { issuer, tls } = environment;
  const adapter = new FastifyAdapter({
    ...(tls && { https: tls }),
    bodyLimit,
    genReqId: () => randomBytes(9).toString('base64url'),
    frameworkErrors: refuseUnroutable(issuer),
  } as ConstructorParameters<typeof FastifyAdapter>[0]) as FastifyAdapter;
  readFormsOnly(adapter);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.forRoot(environment, clock), adapter, {
    logger,
    abortOnError: false,
    bodyParser: false,
  });
  app.useBodyParser('application/x-www-form-urlencoded', { bodyLimit });
  endConnectionsOnClose(adapter);
  setResponseHeaders(app, issuer);
  logRequests(app);
  return app;
}

/** A body of any other type is let through unread: what it should have said is missing then. */
function readFormsOnly(adapter: FastifyAdapter): void {
  const server = adapter.getInstance();
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (_request, payload, done) => {
    payload.resume();
    done(null, undefined);
  });
}

/** Browsers open connections before they need them; one on which nothing was ever asked would hold up the end. */
function endConnectionsOnClose(adapter: FastifyAdapter): void {
  const server = adapter.getInstance();
  server.addHook('preClose', (done) => {
    setTimeout(() => server.server.closeAllConnections(), patienceMilliseconds).unref();
    done();
  });
}

/** What the router cannot read comes by no hook and no filter. */
function refuseUnroutable(issuer: string) {
  return (_error: Error, _request: WebRequest, reply: WebReply): void => {
    for (const [name, value] of Object.entries(responseHeaders(issuer))) reply.header(name, value);
    reply.status(400).header('content-type', 'text/plain; charset=utf-8').send('This address cannot be read.');
  };
}
