import { ConsoleLogger } from '@nestjs/common';
import { createApp } from './create-app.js';
import { serveDocumentation } from './documentation.js';
import { readEnvironment } from './environment.js';

async function start(): Promise<void> {
  const environment = readEnvironment(process.env);
  const logger = new ConsoleLogger({ json: true, flattenParams: true });
  const app = await createApp(environment, logger);
  // Not in createApp(), for the specs: Jest cannot load @fastify/static before Node 24.9.
  serveDocumentation(app, environment);
  app.enableShutdownHooks(['SIGINT', 'SIGTERM'], { useProcessExit: true });
  await app.listen(environment.port, environment.host);
  const { protocol, port } = new URL(await app.getUrl());
  logger.log('listening', { url: `${protocol}//${environment.host}:${port}`, issuer: environment.issuer }, 'SampleApi');
}

start().catch((error: Error) => {
  // To be read by a person: the message lists what to mend, and a stack would hide it.
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
