import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { type Environment } from './configuration/environment.js';
import { loadSettings, type Settings, SettingsError } from './configuration/settings.js';
import { createSts } from './create-sts.js';
import { createServerLog } from './logging/server-log.js';
import { developmentCertificate, type TlsFiles } from './tls/development-certificate.js';

/** How long requests under way may take to finish when the server is told to stop. */
const stopMilliseconds = 10_000;

async function start(): Promise<void> {
  const settings = await loadSettings(process.env);
  const log = createServerLog(settings.environment.logLevel);
  settings.warnings.forEach((warning) => log.warn(warning));
  const tls = await tlsFiles(settings.environment);
  const app = await createSts(settings, tls, log);
  endOnSignals(() => app.close(), log);
  const { host, port } = settings.environment;
  await app.listen({ host, port });
  announce(settings, await app.getUrl(), log);
}

async function tlsFiles({ tls, data }: Environment): Promise<TlsFiles | undefined> {
  if (tls.mode === 'off') return undefined;
  if (tls.mode === 'dev') return developmentCertificate(join(data, 'tls'));
  return { cert: readPem('STS_TLS_CERT', tls.cert), key: readPem('STS_TLS_KEY', tls.key) };
}

function readPem(variable: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new SettingsError([`${variable}: names a file that cannot be read: ${(error as Error).message}`]);
  }
}

function announce({ environment, options }: Settings, url: string, log: Logger): void {
  log.info({ issuer: options.issuer, url, tls: environment.tls.mode, config: environment.config }, 'ready');
}

/** The first signal lets requests under way finish; a second one does not wait. */
function endOnSignals(close: () => Promise<void>, log: Logger): void {
  let isStopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(1);
      isStopping = true;
      log.info({ signal }, 'stopping');
      setTimeout(() => process.exit(1), stopMilliseconds).unref();
      close().then(
        () => log.flush(() => process.exit(0)),
        (error: unknown) => {
          log.fatal({ err: error }, 'stopping failed');
          log.flush(() => process.exit(1));
        },
      );
    });
  }
}

start().catch((error: unknown) => {
  const expected = error instanceof SettingsError || isListenError(error);
  process.stderr.write(`${expected ? error.message : (error instanceof Error && error.stack) || String(error)}\n`);
  process.exit(1);
});

function isListenError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error && error.syscall === 'listen';
}
