import { readFileSync } from 'node:fs';
import { hashPassword, verifyPassword } from '@tessera/accounts';
import { type DemoData, type PagesExtensions, type PagesOptions, resolvePages } from '@tessera/pages';
import { checkConfiguration, type Client, type Fault, grantFaults, User } from '@tessera/resource-model';
import { builtInGrantTypes, GrantTypes, resolveOptions, type TokenServerOptions } from '@tessera/token-server';
import type { TlsFiles } from '../tls/certificate-files.js';
import { readCertificate } from '../tls/given-certificate.js';
import { type Environment, readEnvironment } from './environment.js';
import {
  type ConfigurationText,
  describeFaults,
  type LocatedFault,
  locateFaults,
  parseConfigurationText,
} from './located-faults.js';
import { mtlsFaults, mtlsOf } from './mtls-settings.js';
import { withFoldersBeside } from './page-folders.js';
import { productionFaults } from './production-rules.js';
import { type StsFile, StsFileReader } from './sts-file.js';

/** All that the server is started with. */
export interface Settings {
  readonly environment: Environment;
  /** The configuration file as it was read. */
  readonly text: string;
  /** With STS_TLS=files: what they hold. */
  readonly certificate?: TlsFiles;
  readonly options: TokenServerOptions;
  readonly pages: Partial<PagesOptions> & PagesExtensions;
  readonly warnings: readonly string[];
  /** Whether the file writes that person's password plainly, and it is the one behind a hash that was made of it earlier. */
  readonly isSamePassword: (subject: string, earlierHash: string) => Promise<boolean>;
  /** The file once more, as it is now, with the same environment. @throws SettingsError */
  readonly reload: () => Promise<Settings>;
}

/** Why the server does not start: every fault in environment and file, one a line. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';

  constructor(
    readonly lines: readonly string[],
    /** The same, for programs. */
    readonly faults: readonly LocatedFault[] = [],
  ) {
    const count = lines.length === 1 ? 'one fault' : `${lines.length} faults`;
    super(
      `The server does not start: its configuration has ${count}.\n${lines.map((line) => `  - ${line}`).join('\n')}`,
    );
  }
}

/** Reads environment and file, and checks everything before anything is used. @throws SettingsError */
export async function loadSettings(variables: Readonly<Record<string, string | undefined>>): Promise<Settings> {
  const { environment, faults, warnings } = readEnvironment(variables);
  const certificate = readCertificate(environment.tls, faults);
  const text = readText(environment.config, faults);
  const reader = new StsFileReader(variables);
  const file = text?.faults.length === 0 ? readFile(reader, text.content, environment.config) : undefined;
  const found = file ? check(environment, file, reader.faults, certificate) : (text?.faults ?? []);
  const all = [...faults, ...found];
  if (!text || !file || all.length > 0) {
    const located = locateFaults(all, text);
    throw new SettingsError(describeFaults(located, environment.config), located);
  }
  const isLocal = isOnThisMachine(environment.issuer ?? file.issuer);

  return {
    environment,
    text: text.text,
    certificate,
    options: await toOptions(file, environment),
    pages: { ...file.pages, demo: isLocal && !environment.production ? demoOf(file) : undefined },
    warnings: isLocal || environment.production ? warnings : [...warnings, unprotected],
    isSamePassword: (subject, earlierHash) => isSamePassword(file, subject, earlierHash),
    reload: () => loadSettings(variables),
  };
}

function readText(path: string, faults: Fault[]): ConfigurationText | undefined {
  try {
    return parseConfigurationText(readFileSync(path, 'utf8'));
  } catch (error) {
    const problem = `the configuration file cannot be read: ${(error as Error).message}. Name another with STS_CONFIG`;
    faults.push({ path: 'STS_CONFIG', value: path, problem });
    return undefined;
  }
}

function readFile(reader: StsFileReader, content: unknown, path: string): StsFile {
  const file = reader.read(content);
  return { ...file, pages: withFoldersBeside(path, file.pages) };
}

/** Shape, server options, model, grants, production: all of it, so that one start shows all there is to mend. */
function check(
  environment: Environment,
  file: StsFile,
  shape: readonly Fault[],
  certificate: TlsFiles | undefined,
): readonly Fault[] {
  const { resolved, faults: own } = resolveOptions({
    ...file,
    issuer: environment.issuer ?? file.issuer,
    dpop: dpopOf(file, environment),
    mtls: mtlsOf(file, environment),
    users: file.users.map(({ user }) => user),
  });
  const model = checkConfiguration(resolved.configuration, resolved.signingAlgorithms, resolved.dpop.algorithms);
  const grants = model.faults.length === 0 ? grantFaults(resolved.configuration, builtInGrantTypes) : [];
  const pages = resolvePages(file.pages).faults.map((fault) => ({ ...fault, path: `pages.${fault.path}` }));
  const production = productionFaults(environment, file, resolved.issuer, certificate);
  const further = [...own, ...model.faults, ...grants, ...pages, ...mtlsFaults(file, environment), ...production]
    .filter((fault) => !shape.some(({ path }) => isWithin(fault.path, path)))
    .map((fault) => ({ ...fault, path: ofVariable(fault, environment) ?? fault.path }));
  return [...shape, ...further];
}

/** Where the value was not in the file: the variable that it came from. */
function ofVariable({ path }: Fault, { issuer, dpopNonceSecret }: Environment): string | undefined {
  if (path === 'issuer' && issuer !== undefined) return 'STS_ISSUER';
  return path === 'dpop.nonceSecret' && dpopNonceSecret !== undefined ? 'STS_DPOP_NONCE_SECRET' : undefined;
}

/** Whether a path leads into, or to, what another names: what has the wrong shape is blamed once. */
export function isWithin(path: string, other: string): boolean {
  return other === '' || path === other || path.startsWith(`${other}.`) || path.startsWith(`${other}[`);
}

/** For a server that others reach and that was told nothing. */
const unprotected =
  'NODE_ENV is not production, though the issuer is not on this machine: demonstration secrets and unencrypted ways are not refused';

/** Whether the issuer is one that a browser on this machine alone can reach. */
function isOnThisMachine(issuer: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(issuer).hostname);
}

/** What the home page shows to developers: on their own machine, and never in production. */
function demoOf({ users, clients }: StsFile): DemoData {
  return {
    users: users.map(({ user: { username, claims }, password }) => ({
      username,
      password,
      name: typeof claims.name === 'string' ? claims.name : undefined,
    })),
    clients: clients.filter(isForPeople).map(({ clientId, clientName, clientUri, description }) => ({
      clientId,
      name: clientName,
      url: clientUri,
      description,
    })),
  };
}

/** A program that signs in for itself is of no use on a page. */
function isForPeople({ allowedGrantTypes }: Client): boolean {
  return allowedGrantTypes.some((type) => type !== GrantTypes.clientCredentials);
}

async function toOptions(file: StsFile, environment: Environment): Promise<TokenServerOptions> {
  const users = file.users.map(async ({ user, password }) =>
    password === undefined ? user : new User({ ...user, passwordHash: await hashPassword(password) }),
  );
  const issuer = environment.issuer ?? file.issuer;
  return {
    ...file,
    issuer,
    users: await Promise.all(users),
    mtls: mtlsOf(file, environment),
    dpop: dpopOf(file, environment),
    outgoing: outgoingOf(file, environment),
  };
}

async function isSamePassword({ users }: StsFile, subject: string, earlierHash: string): Promise<boolean> {
  const password = users.find(({ user }) => user.subject === subject)?.password;
  return password !== undefined && verifyPassword(earlierHash, password);
}

/** The secret need not stand in the file. */
function dpopOf({ dpop }: StsFile, { dpopNonceSecret }: Environment): TokenServerOptions['dpop'] {
  return dpopNonceSecret === undefined ? dpop : { ...dpop, nonceSecret: dpopNonceSecret };
}

/** With a development certificate the clients are on this machine. */
function outgoingOf({ outgoing }: StsFile, { tls }: Environment): TokenServerOptions['outgoing'] {
  return tls.mode === 'dev' ? { allowPrivateAddresses: true, ...outgoing } : outgoing;
}
