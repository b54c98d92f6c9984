import { readFileSync } from 'node:fs';
import { type Fault, isNetwork, suggestion, withheld } from '@tessera/resource-model';
import { DatabaseUrlError, Encryption, EncryptionError, readDatabaseUrl } from '@tessera/typeorm-store';
import { type ProcessSettings, readProcessSettings } from './process-settings.js';

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** How the server meets the network: with a certificate of its own making, with given files, or behind something that ends TLS. */
export type TlsMode =
  | { readonly mode: 'dev' }
  | { readonly mode: 'off' }
  | { readonly mode: 'files'; readonly cert: string; readonly key: string };

/** Where what is issued is kept, and who brings its schema up to date. */
export interface DatabaseSettings {
  /** `memory:` (gone with the process), `sqlite:<path>` or `postgres://…`. */
  readonly url: string;
  /** For signing keys; none: a file in the data folder has one. */
  readonly encryptionKeys?: readonly string[];
  /** Whether the server changes the schema at its start, or leaves that to `sts migrate up`. */
  readonly migrate: boolean;
}

const configApplications = ['watch', 'start', 'never'] as const;

/** How the clients, resources and people of the file come into the database. */
export interface ConfigApplication {
  /** `watch`: at the start and whenever the file changes; `start`: at the start alone; `never`: that is left to `sts config apply`. */
  readonly apply: (typeof configApplications)[number];
  /** Whether what the file declares no more is removed from the database. */
  readonly prune: boolean;
}

/** What the environment says. Nobody else reads it. */
export interface Environment extends ProcessSettings {
  /** Path of the configuration file. */
  readonly config: string;
  readonly configApplication: ConfigApplication;
  /** Takes the place of the file's `issuer`. */
  readonly issuer?: string;
  readonly host: string;
  readonly port: number;
  readonly tls: TlsMode;
  /** Which proxies may say how a request reached them: none, all, or a list of addresses and networks. */
  readonly trustProxy: boolean | string[];
  readonly logLevel: (typeof logLevels)[number];
  /** The folder for the embedded database, keys and development certificates. */
  readonly data: string;
  readonly database: DatabaseSettings;
  /** Takes the place of `dpop.nonceSecret` in the file. */
  readonly dpopNonceSecret?: string;
  readonly production: boolean;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Every variable that this server reads, beside NODE_ENV. */
export const environmentVariables: readonly string[] = [
  'STS_CONFIG', 'STS_CONFIG_APPLY', 'STS_CONFIG_PRUNE', 'STS_ISSUER', 'STS_HOST', 'STS_PORT', 'STS_TLS', 'STS_TLS_CERT', 'STS_TLS_KEY',
  'STS_TRUST_PROXY', 'STS_LOG_LEVEL', 'STS_DATA', 'STS_DATABASE_URL', 'STS_DATABASE_URL_FILE', 'STS_ENCRYPTION_KEYS',
  'STS_ENCRYPTION_KEYS_FILE', 'STS_DPOP_NONCE_SECRET', 'STS_DPOP_NONCE_SECRET_FILE', 'STS_MIGRATE', 'STS_WORKERS', 'STS_DRAIN_SECONDS',
]; // prettier-ignore

/** Reads the variables; an empty one counts as absent. All faults at once. */
export function readEnvironment(variables: Variables): {
  environment: Environment;
  faults: Fault[];
  warnings: string[];
} {
  const faults: Fault[] = [];
  const get = (name: string): string | undefined => variables[name]?.trim() || undefined;
  const data = get('STS_DATA') ?? '.data';
  const production = variables.NODE_ENV === 'production';
  const database = readDatabase(get, data, faults);
  const environment: Environment = {
    config: get('STS_CONFIG') ?? 'sts.yaml',
    configApplication: readConfigApplication(get, faults),
    issuer: get('STS_ISSUER'),
    host: get('STS_HOST') ?? 'localhost',
    port: readPort(get('STS_PORT'), faults),
    tls: readTls(get, faults),
    trustProxy: readTrustProxy(get('STS_TRUST_PROXY'), faults),
    logLevel: readLogLevel(get('STS_LOG_LEVEL'), faults),
    data,
    database,
    dpopNonceSecret: readSecret('STS_DPOP_NONCE_SECRET', get, faults),
    ...readProcessSettings(get, { databaseUrl: database.url, production }, faults),
    production,
  };
  return { environment, faults, warnings: unknownVariables(variables) };
}

function readPort(text: string | undefined, faults: Fault[]): number {
  if (text === undefined) return 5001;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  faults.push({
    path: 'STS_PORT',
    value: text,
    problem:
      'must be a port from 0 to 65535 (Kubernetes sets this variable for a Service named "sts": rename it, or set enableServiceLinks: false)',
  });
  return 0;
}

function readTls(get: (name: string) => string | undefined, faults: Fault[]): TlsMode {
  const [cert, key] = [get('STS_TLS_CERT'), get('STS_TLS_KEY')];
  const mode = get('STS_TLS') ?? (cert || key ? 'files' : 'dev');
  if (mode !== 'files' && (cert ?? key) !== undefined) {
    faults.push({
      path: 'STS_TLS',
      value: mode,
      problem: 'must be files where STS_TLS_CERT or STS_TLS_KEY is set, or leave these out',
    });
  }
  if (mode === 'dev' || mode === 'off') return { mode };
  if (mode !== 'files') {
    faults.push({ path: 'STS_TLS', value: mode, problem: 'must be dev, off or files' });
    return { mode: 'off' };
  }
  if (!cert)
    faults.push({ path: 'STS_TLS_CERT', value: cert, problem: 'must be the path of a certificate chain in PEM form' });
  if (!key)
    faults.push({ path: 'STS_TLS_KEY', value: key, problem: 'must be the path of the private key in PEM form' });
  return { mode, cert: cert ?? '', key: key ?? '' };
}

type Get = (name: string) => string | undefined;

function readConfigApplication(get: Get, faults: Fault[]): ConfigApplication {
  const [text, prune] = [get('STS_CONFIG_APPLY') ?? 'watch', get('STS_CONFIG_PRUNE') ?? 'false'];
  const apply = configApplications.find((one) => one === text);
  if (!apply) {
    faults.push({ path: 'STS_CONFIG_APPLY', value: text, problem: `must be one of ${configApplications.join(', ')}` });
  }
  if (!['true', 'false'].includes(prune)) {
    faults.push({ path: 'STS_CONFIG_PRUNE', value: prune, problem: 'must be true or false' });
  }
  return { apply: apply ?? 'never', prune: prune === 'true' };
}

function readDatabase(get: Get, data: string, faults: Fault[]): DatabaseSettings {
  const url = readSecret('STS_DATABASE_URL', get, faults) ?? `sqlite:${data}/sts.sqlite`;
  collect('STS_DATABASE_URL', faults, () => readDatabaseUrl(url));
  const encryptionKeys = readSecret('STS_ENCRYPTION_KEYS', get, faults)?.split(/[\s,]+/);
  if (encryptionKeys) collect('STS_ENCRYPTION_KEYS', faults, () => new Encryption(encryptionKeys));
  const migrate = get('STS_MIGRATE') ?? 'start';
  if (!['start', 'never'].includes(migrate)) {
    faults.push({ path: 'STS_MIGRATE', value: migrate, problem: 'must be start or never' });
  }
  return { url, encryptionKeys, migrate: migrate === 'start' };
}

/** The variable, or what the file holds that its twin names. */
function readSecret(name: string, get: Get, faults: Fault[]): string | undefined {
  const path = get(`${name}_FILE`);
  if (path === undefined) return get(name);
  if (get(name) !== undefined) {
    faults.push({ path: name, value: withheld, problem: `is given twice: leave it or ${name}_FILE out` });
  }
  try {
    return readFileSync(path, 'utf8').trim() || undefined;
  } catch (error) {
    faults.push({ path: `${name}_FILE`, value: path, problem: `cannot be read: ${(error as Error).message}` });
    return undefined;
  }
}

/** Database URLs and keys are secret: the fault says what is wrong, and shows nothing. */
function collect(path: string, faults: Fault[], read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof DatabaseUrlError || error instanceof EncryptionError)) throw error;
    faults.push({ path, value: withheld, problem: `cannot be used: ${error.message}` });
  }
}

/** Fastify's own forms: true, false, or addresses and networks separated by commas. */
function readTrustProxy(text: string | undefined, faults: Fault[]): boolean | string[] {
  if (text === undefined || text === 'false') return false;
  if (text === 'true') return true;
  const addresses = text.split(',').map((address) => address.trim());
  if (addresses.every(isNetwork)) return addresses;
  faults.push({
    path: 'STS_TRUST_PROXY',
    value: text,
    problem: 'must be true, false, or addresses and networks separated by commas, e.g. 10.0.0.0/8,loopback',
  });
  return false;
}

function readLogLevel(text: string | undefined, faults: Fault[]): Environment['logLevel'] {
  const level = logLevels.find((candidate) => candidate === (text ?? 'info'));
  if (!level) faults.push({ path: 'STS_LOG_LEVEL', value: text, problem: `must be one of ${logLevels.join(', ')}` });
  return level ?? 'info';
}

/** A mistyped name would otherwise be silently without effect. Only a warning: orchestrators set variables of their own. */
function unknownVariables(variables: Variables): string[] {
  return Object.keys(variables)
    .filter(
      (name) => name.startsWith('STS_') && !environmentVariables.includes(name) && !/_(?:SERVICE|PORT)_/.test(name),
    )
    .map((name) => `${name} is not a variable of this server${suggestion(name, environmentVariables)}`);
}
