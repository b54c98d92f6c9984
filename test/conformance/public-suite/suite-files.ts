import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suitePlans } from './suite-plans.js';

/** Where things are. */
export interface SuitePlaces {
  readonly issuer: string;
  /** The suite's address, such as https://www.certification.openid.net. */
  readonly suite: string;
  /** A file with the authority of the suite's certificate, where it is not a public one. */
  readonly suiteAuthority?: string | undefined;
}

/** The templates stand beside the source, also for the compiled script. */
const templates = fileURLToPath(new URL('.', import.meta.url)).replace(/\/dist\//, '/');

/** Days that the certificates of the suite's clients count. */
const days = '90';

/**
 * Writes what one run of the suite needs into a folder: the configuration of each server and of each plan, with keys and certificates that are made for
 * it. Who can read the folder can be any of these clients.
 */
export function writeSuiteFiles(folder: string, { issuer, suite, suiteAuthority }: SuitePlaces): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const values = {
    issuer,
    suiteHost: new URL(suite).hostname,
    callback: `${suite}/test/a/tessera/callback`,
    notifications: `${suite}/test/a/tessera/ciba-notification-endpoint`,
    suiteAuthorities: suiteAuthority === undefined ? [] : [{ file: suiteAuthority }],
    ...madeByOpenssl(),
  };
  const write = (name: string, template: string, more = {}) => {
    const text = filledIn(readFileSync(join(templates, template), 'utf8'), { ...values, ...more });
    writeFileSync(join(folder, name), text, { mode: 0o600 });
  };
  for (const server of new Set(suitePlans.map((plan) => plan.server))) write(server, server);
  for (const { name, template } of suitePlans) write(`${name}.json`, template, { name });
}

/** The words for the suite's own script, which runs plans. */
export function wordsOf(name: string): string[] {
  const { plan, variant } = suitePlans.find((one) => one.name === name)!;
  const choices = Object.entries(variant).map(([parameter, value]) => `[${parameter}=${value}]`);
  return [`${plan}${choices.join('')}`, `${name}.json`];
}

/** In the place of `${name}`: text where it stands among other text, else the value as JSON, which is YAML as well. */
function filledIn(template: string, values: object): string {
  return template.replace(/(["']?)\$\{([\w.]+)\}\1/g, (_found, quote: string, path: string) => {
    const value = path.split('.').reduce<unknown>((within, name) => (within as Record<string, unknown>)[name], values);
    return typeof value === 'string' && quote === '' ? value : JSON.stringify(value);
  });
}

function madeByOpenssl() {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-suite-'));
  const openssl = (...words: string[]) => execFileSync('openssl', words, { cwd: folder, stdio: 'pipe' });
  try {
    const key = ['-newkey', 'rsa:2048', '-nodes'];
    openssl('req', '-x509', ...key, '-keyout', 'ca-key.pem', '-out', 'ca.pem', '-days', days, '-subj', '/CN=Authority of the suite’s clients'); // prettier-ignore
    writeFileSync(join(folder, 'client.ext'), 'basicConstraints=CA:FALSE\nextendedKeyUsage=clientAuth\n');
    const clientAuthority = readFileSync(join(folder, 'ca.pem'), 'utf8');
    const client = (name: string) => {
      openssl('req', '-new', ...key, '-keyout', `${name}-key.pem`, '-out', `${name}.csr`, '-subj', `/C=CH/O=Suite/CN=${name}`); // prettier-ignore
      openssl('x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial', '-days', days, '-extfile', 'client.ext', '-out', `${name}.pem`); // prettier-ignore
      return {
        ...signingKey(`${name}-key`),
        subject: `CN=${name},O=Suite,C=CH`,
        cert: readFileSync(join(folder, `${name}.pem`), 'utf8'),
        key: readFileSync(join(folder, `${name}-key.pem`), 'utf8'),
      };
    };
    return { clientAuthority, first: client('first'), second: client('second') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** RSA: with such a key the suite tries RS256 as well, which must be refused. */
function signingKey(kid: string) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const members = { kid, alg: 'PS256', use: 'sig' };
  return {
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), ...members }] },
    publicJwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), ...members }] },
  };
}
