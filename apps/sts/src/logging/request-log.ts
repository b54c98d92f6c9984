import type { IncomingMessage } from 'node:http';
import { notesOf, randomText } from '@tessera/token-server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';

/** In each answer and in its line of the log. */
export const correlationHeader = 'x-correlation-id';

/** A caller's own id is taken over when it is harmless, so that one id follows a call through many systems. */
export function correlationId(request: IncomingMessage): string {
  const given = request.headers[correlationHeader];
  return typeof given === 'string' && /^[A-Za-z0-9._-]{8,64}$/.test(given) ? given : randomText(12);
}

/** One line for each request, when it has been answered: who, what, how it went; no secret ever. */
export function logRequests(server: FastifyInstance, log: Logger): void {
  const words = new Set<string>();
  server.addHook('onRoute', ({ url }) => url.split('/').forEach((word) => words.add(word)));
  server.addHook('onRequest', (request, reply, done) => {
    reply.header(correlationHeader, request.id);
    reply.header('x-content-type-options', 'nosniff');
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    const path = shownPath(request, words);
    const level = levelOf(path, reply.statusCode);
    if (log.isLevelEnabled(level)) {
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
    }
    done();
  });
}

/** What the router cannot read comes by no hook: it gets the same headers, form and line in the log. */
export function refuseUnroutable(log: Logger) {
  return (_error: Error, request: FastifyRequest, reply: FastifyReply): void => {
    log.info({ id: request.id, method: request.method, path: '…', status: 400, error: 'invalid_request' }, 'request');
    void reply
      .header(correlationHeader, request.id)
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', 'no-store')
      .status(400)
      .send({ error: 'invalid_request', error_description: 'The address cannot be read.' });
  };
}

/** Orchestrators ask for the health every few seconds. With 503 the server is in order, and what it needs is away. */
function levelOf(path: string, status: number): 'debug' | 'info' | 'warn' | 'error' {
  if (status === 503) return 'warn';
  if (status >= 500) return 'error';
  return path.startsWith('/health/') ? 'debug' : 'info';
}

/** The path without query. What stands in it that is no part of our own paths may be a secret, and is left out. */
function shownPath({ raw }: FastifyRequest, words: ReadonlySet<string>): string {
  const path = raw.url?.split('?', 1)[0] ?? '';
  return path
    .split('/', 12)
    .map((word) => (words.has(word) ? word : '…'))
    .join('/');
}
