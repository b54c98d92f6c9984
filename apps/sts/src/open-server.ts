import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Settings } from './configuration/settings.js';
import { createSts } from './create-sts.js';
import { stopGracefully } from './stopping/graceful-stop.js';
import type { TlsFiles } from './tls/certificate-files.js';
import { developmentCertificate } from './tls/development-certificate.js';

/** The server in this process. */
export interface Server {
  /** Gives the URL at which it can be reached. */
  listen(): Promise<string>;
  /** Lets requests under way finish. */
  stop(): Promise<void>;
}

/** The server as the settings have it: with its certificate and its stores, not yet listening. */
export async function openServer(settings: Settings, log: Logger): Promise<Server> {
  const { host, port, drainSeconds } = settings.environment;
  const tls = await tlsFiles(settings);
  const app = await createSts(await trustingOwnAuthority(settings), tls, log);
  return {
    listen: async () => {
      await app.listen({ host, port });
      return app.getUrl();
    },
    stop: () => stopGracefully(app, drainSeconds),
  };
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
