import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';

/** Where the environment is injected. */
export const ENVIRONMENT = Symbol('ENVIRONMENT');

/** What this application is told from outside, validated. */
export interface Environment {
  /** Who signs people in, exactly as it calls itself. WEB_ISSUER, default https://localhost:5001. */
  readonly issuer: string;
  /** WEB_CLIENT_ID, default web_client. */
  readonly clientId: string;
  /** WEB_CLIENT_SECRET, default secret: that of the demonstration. */
  readonly clientSecret: string;
  /** The address of the sample API, without a slash at the end. WEB_API, default https://localhost:6001. */
  readonly api: string;
  /** The origin at which browsers find this application, never taken from a request. WEB_URL, default https://localhost and the port. */
  readonly url: string;
  /** WEB_HOST, default localhost. */
  readonly host: string;
  /** WEB_PORT, default 7001. */
  readonly port: number;
  /** The certificate and key in PEM, out of the files WEB_TLS_CERT and WEB_TLS_KEY; without them it speaks plain http, behind a proxy. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
}

/** The environment does not make an application. The message has one line for each fault. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';

  constructor(readonly faults: readonly string[]) {
    super(`The sample web application cannot start:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

/** Reads the environment; an empty variable counts as absent. Throws an EnvironmentError that lists every fault at once. */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const faults: string[] = [];
  const port = readPort(variables.WEB_PORT || '7001', faults);
  const environment = {
    issuer: readServer('WEB_ISSUER', variables.WEB_ISSUER || 'https://localhost:5001', faults),
    clientId: variables.WEB_CLIENT_ID || 'web_client',
    clientSecret: variables.WEB_CLIENT_SECRET || 'secret',
    api: readServer('WEB_API', variables.WEB_API || 'https://localhost:6001', faults).replace(/\/+$/, ''),
    url: readOwnUrl(variables.WEB_URL || `https://localhost:${port || 7001}`, faults),
    host: variables.WEB_HOST || 'localhost',
    port,
    tls: readTls(variables.WEB_TLS_CERT || undefined, variables.WEB_TLS_KEY || undefined, faults),
  };
  if (faults.length > 0) throw new EnvironmentError(faults);
  return environment;
}

/** Tokens and secrets go there: in plain http only where they do not leave this machine. */
function readServer(name: string, value: string, faults: string[]): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isLocal = url && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  const isGood = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocal);
  if (!url || !isGood || url.username || url.password || /[?#]/.test(value)) {
    faults.push(
      `${name} is '${value}'; it must be an https address without user, query and fragment, such as https://localhost:5001 (http is accepted for localhost, 127.0.0.1 and [::1] only).`,
    );
  }
  return value;
}

/** Always https: a browser takes the `__Host-` cookies from nowhere else. */
function readOwnUrl(value: string, faults: string[]): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol === 'https:' && [url.origin, `${url.origin}/`].includes(value)) return url.origin;
  faults.push(`WEB_URL is '${value}'; it must be an https address without a path, such as https://localhost:7001.`);
  return value;
}

/** No free port by chance: the issuer has to know the address beforehand. */
function readPort(value: string, faults: string[]): number {
  const port = /^\d{1,5}$/.test(value) ? Number(value) : NaN;
  if (port >= 1 && port <= 65_535) return port;
  faults.push(`WEB_PORT is '${value}'; it must be a number from 1 to 65535.`);
  return NaN;
}

function readTls(certPath: string | undefined, keyPath: string | undefined, faults: string[]): Environment['tls'] {
  if (!certPath && !keyPath) return undefined;
  if (!certPath || !keyPath) {
    faults.push(
      `${certPath ? 'WEB_TLS_KEY' : 'WEB_TLS_CERT'} is not set; give both WEB_TLS_CERT and WEB_TLS_KEY, or none.`,
    );
    return undefined;
  }
  const cert = readPem('WEB_TLS_CERT', certPath, faults);
  const key = readPem('WEB_TLS_KEY', keyPath, faults);
  if (cert === undefined || key === undefined) return undefined;
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    faults.push(
      `WEB_TLS_CERT ('${certPath}') and WEB_TLS_KEY ('${keyPath}') are not a PEM certificate and its key: ${(error as Error).message}.`,
    );
  }
  return { cert, key };
}

function readPem(name: string, path: string, faults: string[]): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    faults.push(`${name} is '${path}', which cannot be read: ${(error as Error).message}.`);
    return undefined;
  }
}
