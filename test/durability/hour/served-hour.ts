// The server of the compressed hour, in a process of its own: its parent moves the clock and says when to clean up. To be forked with --expose-gc.
// Runs as it is compiled, so it imports nothing of ours but packages and what needs no more than they.
import 'reflect-metadata';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AccountsModule } from '@tessera/accounts';
import { PagesModule } from '@tessera/pages';
import { Clock, Housekeeping, resolveOptions, TokenServerModule, type TokenServerOptions } from '@tessera/token-server';
import { TypeOrmStores } from '@tessera/typeorm-store';
import { seed } from '../../seed.js';
import { encryptionKey } from '../../stores/test-stores.js';
import { hourConfiguration } from './hour-configuration.js';
import type { Order, Report, Started, Swept } from './hour-messages.js';

/** How finely the pauses of the event loop are measured, in milliseconds: so much of one is the timer's own. */
const resolution = 1;

/** Goes on when it is told to. */
class ToldClock extends Clock {
  private readonly beginning = Math.floor(Date.now() / 1000);
  passed = 0;

  now(): number {
    return this.beginning + this.passed;
  }
}

const clock = new ToldClock();
let server: NestFastifyApplication;

process.on('message', (order: Order) => {
  if (order.kind === 'advance') clock.passed += order.seconds;
  else void (order.kind === 'start' ? start(order.databaseUrl) : sweep()).then(report, fail);
});
process.on('disconnect', () => process.exit());

async function start(databaseUrl: string | undefined): Promise<Started> {
  const options = { ...hourConfiguration, users: seed.users };
  const module = TokenServerModule.forRoot({
    ...options,
    imports: [AccountsModule, PagesModule],
    stores: databaseUrl === undefined ? undefined : storesAt(databaseUrl, options),
    providers: [{ provide: Clock, useValue: clock }],
  });
  const logger = { logger: ['error' as const, 'fatal' as const] };
  server = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), logger);
  await server.listen(0, '127.0.0.1');
  return { kind: 'started', url: await server.getUrl() };
}

function storesAt(url: string, options: TokenServerOptions): DynamicModule {
  const declared = resolveOptions(options).resolved.configuration;
  return TypeOrmStores.forRoot({ url, encryptionKeys: [encryptionKey], configuration: { declared } });
}

async function sweep(): Promise<Swept> {
  const from = clock.passed;
  const pauses = monitorEventLoopDelay({ resolution });
  pauses.enable();
  const began = performance.now();
  await server.get(Housekeeping).sweep();
  const milliseconds = performance.now() - began;
  pauses.disable();
  return { kind: 'swept', from, milliseconds, longestPause: pauses.max / 1e6 - resolution, memory: memory() };
}

function memory(): Swept['memory'] {
  // The second one frees what the first one's finalizers let go of.
  for (let time = 0; time < 2; time++) global.gc!();
  const { rss, heapUsed: heap, external } = process.memoryUsage();
  return { rss, heap, external };
}

function report(report: Report): void {
  process.send!(report);
}

function fail(error: unknown): void {
  console.error(error);
  process.exit(1);
}
