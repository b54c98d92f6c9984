import 'reflect-metadata';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { loadSettings, type Settings } from './configuration/settings.js';
import { createSts } from './create-sts.js';
import { createServerLog } from './logging/server-log.js';
import { describeStartFault } from './start-fault.js';
import { developmentCertificate, type TlsFiles } from './tls/development-certificate.js';

/** How long requests under way may take to finish when the server is told to stop. */
const stopMilliseconds = 10_000;
/** Two signals within this time are one. */
const sameSignalMilliseconds = 500;

async function start(): Promise<void> {
  const settings = await loadSettings(process.env);
  const log = createServerLog(settings.environment.logLevel);
  settings.warnings.forEach((warning) => log.warn(warning));
  const tls = await tlsFiles(settings);
  const app = await createSts(await trustingOwnAuthority(settings), tls, log);
  endOnSignals(() => app.close(), log);
  const { host, port } = settings.environment;
  await app.listen({ host, port });
  announce(settings, await app.getUrl(), log);
}

async function tlsFiles({ environment: { tls, data }, certificate }: Settings): Promise<TlsFiles | undefined> {
  return tls.mode === 'dev' ? developmentCertificate(join(data, 'tls')) : certificate;
}

/** With a development certificate, so have the clients on this machine: of the same authority. */
async function trustingOwnAuthority(settings: Settings): Promise<Settings> {
  const { environment, options } = settings;
  if (environment.tls.mode !== 'dev') return settings;
  const authority = await readFile(join(environment.data, 'tls', 'ca.pem'), 'utf8');
  const certificateAuthorities = [...(options.outgoing?.certificateAuthorities ?? []), authority];
  return { ...settings, options: { ...options, outgoing: { ...options.outgoing, certificateAuthorities } } };
}

function announce({ environment, options }: Settings, url: string, log: Logger): void {
  log.info({ issuer: options.issuer, url, tls: environment.tls.mode, config: environment.config }, 'ready');
}

/** The first signal lets requests under way finish; a later one does not wait. */
function endOnSignals(close: () => Promise<void>, log: Logger): void {
  let stoppingSince: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stoppingSince !== undefined) {
        // One Ctrl-C comes twice under npm: from the terminal, and passed on by npm.
        if (Date.now() - stoppingSince > sameSignalMilliseconds) process.exit(1);
        return;
      }
      stoppingSince = Date.now();
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
  process.stderr.write(`${describeStartFault(error)}\n`);
  process.exit(1);
});
