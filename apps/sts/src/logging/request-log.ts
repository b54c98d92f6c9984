import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { notesOf } from '@tessera/token-server';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';

/** In each answer and in its line of the log. */
export const correlationHeader = 'x-correlation-id';

/** A caller's own id is taken over when it is harmless, so that one id follows a call through many systems. */
export function correlationId(request: IncomingMessage): string {
  const given = request.headers[correlationHeader];
  return typeof given === 'string' && /^[A-Za-z0-9._-]{8,64}$/.test(given)
    ? given
    : randomBytes(12).toString('base64url');
}

/** One line for each request, when it has been answered: who, what, how it went; the path without query, no secret ever. */
export function logRequests(server: FastifyInstance, log: Logger): void {
  server.addHook('onRequest', (request, reply, done) => {
    reply.header(correlationHeader, request.id);
    reply.header('x-content-type-options', 'nosniff');
    done();
  });
  if (!log.isLevelEnabled('info')) return;
  server.addHook('onResponse', (request, reply, done) => {
    const path = request.raw.url?.split('?', 1)[0] ?? '';
    const level = reply.statusCode >= 500 ? 'error' : path.startsWith('/health') ? 'debug' : 'info';
    log[level](
      {
        id: request.id,
        method: request.method,
        path,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
        ip: request.ip,
        ...notesOf(request),
      },
      'request',
    );
    done();
  });
}
