import { ConsoleLogger } from '@nestjs/common';
import { createApp } from './create-app.js';
import { readEnvironment } from './environment.js';

async function start(): Promise<void> {
  const environment = readEnvironment(process.env);
  const logger = new ConsoleLogger({ json: true, flattenParams: true });
  const app = await createApp(environment, logger);
  app.enableShutdownHooks(['SIGINT', 'SIGTERM'], { useProcessExit: true });
  await app.listen(environment.port, environment.host);
  logger.log('listening', { url: environment.url, issuer: environment.issuer }, 'SampleWeb');
}

start().catch((error: Error) => {
  // To be read by a person: the message lists what to mend, and a stack would hide it.
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
