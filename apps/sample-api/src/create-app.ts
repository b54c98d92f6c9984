import { ValidationPipe, type LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import type { Environment } from './environment.js';
import { logRequests } from './request-log.js';

/** The API, ready to listen. */
export async function createApp(
  environment: Environment,
  logger: LoggerService | false,
): Promise<NestFastifyApplication> {
  const { tls } = environment;
  // The longest order that passes validation is far below this many bytes.
  const limits = { bodyLimit: 16 * 1024 };
  const adapter = tls ? new FastifyAdapter({ ...limits, https: { ...tls } }) : new FastifyAdapter(limits);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.forRoot(environment), adapter, {
    logger,
    abortOnError: false,
  });
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true }));
  logRequests(app);
  return app;
}
