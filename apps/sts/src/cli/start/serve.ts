import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { loadSettings, type Settings } from '../../configuration/settings.js';
import { createSts } from '../../create-sts.js';
import { createServerLog } from '../../logging/server-log.js';
import { developmentCertificate, type TlsFiles } from '../../tls/development-certificate.js';

/** How long requests under way may take to finish when the server is told to stop. */
const stopMilliseconds = 10_000;
/** Two signals within this time are one. */
const sameSignalMilliseconds = 500;

/** Runs the server until it is told to end. Gives what the process should end with. */
export async function serve(variables: Readonly<Record<string, string | undefined>>): Promise<number> {
  const settings = await loadSettings(variables);
  const log = createServerLog(settings.environment.logLevel);
  settings.warnings.forEach((warning) => log.warn(warning));
  const tls = await tlsFiles(settings);
  const app = await createSts(await trustingOwnAuthority(settings), tls, log);
  const ended = endOnSignals(() => app.close(), log);
  const { host, port } = settings.environment;
  const listening = app.listen({ host, port }).then(async () => announce(settings, await app.getUrl(), log));
  return Promise.race([ended, listening.then(() => ended)]);
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
function endOnSignals(close: () => Promise<void>, log: Logger): Promise<number> {
  return new Promise((end) => {
    let stoppingSince: number | undefined;
    const stop = (signal: string): void => {
      if (stoppingSince !== undefined) {
        // One Ctrl-C comes twice under npm: from the terminal, and passed on by npm.
        if (Date.now() - stoppingSince > sameSignalMilliseconds) end(1);
        return;
      }
      stoppingSince = Date.now();
      log.info({ signal }, 'stopping');
      setTimeout(() => end(1), stopMilliseconds).unref();
      close().then(
        () => log.flush(() => end(0)),
        (error: unknown) => {
          log.fatal({ err: error }, 'stopping failed');
          log.flush(() => end(1));
        },
      );
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(signal));
  });
}
