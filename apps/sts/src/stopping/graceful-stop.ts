import { setTimeout as delay } from 'node:timers/promises';
import type { INestApplication } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { HealthController } from '../health/health.controller.js';
import { OpenConnections } from './open-connections.js';

/** How long requests under way may take to finish, in seconds, once no new ones are let in. */
const finishSeconds = 10;

/** In seconds: a stop that takes longer has failed. */
export function stopLimit(drainSeconds: number): number {
  return drainSeconds + finishSeconds;
}

/**
 * Says at /health/ready that this server stops, and serves on meanwhile: a load balancer needs some time to learn it, and what it sends until then must
 * not be refused. Then nobody new is let in, requests under way finish, and the stores are closed.
 */
export async function stopGracefully(app: INestApplication, drainSeconds: number): Promise<void> {
  app.get(HealthController).beginToStop();
  await delay(drainSeconds * 1000);
  await app.close();
}

/** While the server stops each answer is the last on its connection, and in the end no idle connection holds it up. */
export function letConnectionsEnd(server: FastifyInstance, isStopping: () => boolean): void {
  const connections = new OpenConnections(server.server);
  server.addHook('onSend', (_request, reply, _payload, done) => {
    if (isStopping()) reply.header('connection', 'close');
    done();
  });
  server.addHook('preClose', (done) => {
    connections.endIdle();
    done();
  });
}
