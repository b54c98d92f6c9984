import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** One line for each request: the path as the route is written, never as it was sent, and no query. A code or a token cannot get in. */
export function logRequests(app: NestFastifyApplication): void {
  const logger = new Logger('Request');
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onResponse', (request, reply, done) => {
      logger.log('answered', {
        requestId: request.id,
        method: request.method,
        path: request.routeOptions.url ?? '…',
        status: reply.statusCode,
        milliseconds: Math.round(reply.elapsedTime * 10) / 10,
      });
      done();
    });
}
