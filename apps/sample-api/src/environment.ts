import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { jwtGuardOptionFaults } from '@tessera/jwt-guard';

/** What this API is told from outside, validated. */
export interface Environment {
  /** Whose access tokens are accepted. API_ISSUER, default https://localhost:5001. */
  readonly issuer: string;
  /** The name of this API in the `aud` of tokens, and at the issuer. API_AUDIENCE, default api1. */
  readonly audience: string;
  /**
   * With what this API asks the issuer about opaque tokens. API_SECRET, or what stands in the file API_SECRET_FILE; default secret:
   * that of the demonstration.
   */
  readonly secret: string;
  /** API_HOST, default localhost. */
  readonly host: string;
  /** API_PORT, default 6001; 0 takes a free one. */
  readonly port: number;
  /**
   * Where clients find this API, never taken from a request. API_URL, default the scheme, host and port; undefined where nobody
   * knows the port yet.
   */
  readonly url: string | undefined;
  /** The certificate and key in PEM, out of the files API_TLS_CERT and API_TLS_KEY; without them the API speaks plain http. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
}

/** The environment does not make an API. The message has one line for each fault. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';

  constructor(readonly faults: readonly string[]) {
    super(`The sample API cannot start:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

/** Reads the environment; an empty variable counts as absent. Throws an EnvironmentError that lists every fault at once. */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const faults: string[] = [];
  const issuer = readIssuer(variables.API_ISSUER || 'https://localhost:5001', faults);
  const host = variables.API_HOST || 'localhost';
  const port = readPort(variables.API_PORT || '6001', faults);
  const tls = readTls(variables.API_TLS_CERT || undefined, variables.API_TLS_KEY || undefined, faults);
  const ownUrl = port > 0 ? `${tls ? 'https' : 'http'}://${host}:${port}` : undefined;
  const environment = {
    issuer,
    audience: variables.API_AUDIENCE || 'api1',
    secret: readSecret(variables.API_SECRET || undefined, variables.API_SECRET_FILE || undefined, faults),
    host,
    port,
    url: readUrl(variables.API_URL || undefined, faults) ?? ownUrl,
    tls,
  };
  if (faults.length > 0) throw new EnvironmentError(faults);
  return environment;
}

/** What makes a good issuer is the guard's to say. */
function readIssuer(value: string, faults: string[]): string {
  const refused = jwtGuardOptionFaults({ issuer: value, audience: 'any' });
  faults.push(...refused.map((fault) => `API_ISSUER is refused by the guard: ${fault}`));
  return value;
}

function readSecret(value: string | undefined, path: string | undefined, faults: string[]): string {
  if (value && path) faults.push('API_SECRET and API_SECRET_FILE are both set; give one of them.');
  const secret = path === undefined ? (value ?? 'secret') : readText('API_SECRET_FILE', path, faults)?.trim();
  if (secret === '') faults.push(`API_SECRET_FILE is '${path}', which is empty.`);
  return secret ?? '';
}

/** A default that is wrong, behind a proxy or at the host 0.0.0.0, would be a wrong address in every challenge: what is given is checked. */
function readUrl(value: string | undefined, faults: string[]): string | undefined {
  if (value === undefined) return undefined;
  const refused = jwtGuardOptionFaults({
    issuer: 'https://localhost',
    audience: 'any',
    publicUrl: value,
    resourceMetadata: { resource: value },
  });
  if (refused.length > 0) faults.push(`API_URL is '${value}'; it must be an address like https://api.example.com.`);
  return value;
}

function readPort(value: string, faults: string[]): number {
  const port = /^\d{1,5}$/.test(value) ? Number(value) : NaN;
  if (!(port <= 65_535)) faults.push(`API_PORT is '${value}'; it must be a number from 0 to 65535.`);
  return port;
}

function readTls(certPath: string | undefined, keyPath: string | undefined, faults: string[]): Environment['tls'] {
  if (!certPath && !keyPath) return undefined;
  if (!certPath || !keyPath) {
    faults.push(
      `${certPath ? 'API_TLS_KEY' : 'API_TLS_CERT'} is not set; give both API_TLS_CERT and API_TLS_KEY, or none.`,
    );
    return undefined;
  }
  const cert = readText('API_TLS_CERT', certPath, faults);
  const key = readText('API_TLS_KEY', keyPath, faults);
  if (cert === undefined || key === undefined) return undefined;
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    faults.push(
      `API_TLS_CERT ('${certPath}') and API_TLS_KEY ('${keyPath}') are not a PEM certificate and its key: ${(error as Error).message}.`,
    );
  }
  return { cert, key };
}

function readText(name: string, path: string, faults: string[]): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    faults.push(`${name} is '${path}', which cannot be read: ${(error as Error).message}.`);
    return undefined;
  }
}
