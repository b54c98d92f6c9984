import { X509Certificate } from 'node:crypto';
import { type Fault, type Secret, sha256, sha512, withheld } from '@tessera/resource-model';
import type { Environment } from './environment.js';
import { authorityName, type TlsFiles } from '../tls/certificate-files.js';
import type { StsFile } from './sts-file.js';

/** Words that everybody tries first, and that demonstrations use. */
const demoWords = [
  'secret',
  'password',
  'changeme',
  'change-me',
  'demo',
  'test',
  'admin',
  'tessera',
  'alice',
  'bob',
  '123456',
];
const demoHashes = new Set(demoWords.flatMap((word) => [sha256(word), sha512(word)]));

/** What is fine on a developer's machine and dangerous anywhere else. */
export function productionFaults(
  environment: Environment,
  file: StsFile,
  issuer: unknown,
  certificate: TlsFiles | undefined,
): Fault[] {
  if (!environment.production) return [];
  const faults: Fault[] = [];
  if (environment.tls.mode === 'dev') {
    faults.push({
      path: 'STS_TLS',
      value: 'dev',
      problem:
        'a development certificate is not for production: set STS_TLS=files with STS_TLS_CERT and STS_TLS_KEY, or STS_TLS=off behind a proxy named by STS_TRUST_PROXY',
    });
  }
  if (certificate && new X509Certificate(certificate.cert).issuer.includes(authorityName)) {
    faults.push({
      path: 'STS_TLS_CERT',
      value: environment.tls.mode === 'files' ? environment.tls.cert : withheld,
      problem:
        'names a development certificate, which nobody out there trusts: get one from a public or your own authority',
    });
  }
  if (environment.trustProxy === false && environment.tls.mode === 'off') {
    faults.push({
      path: 'STS_TLS',
      value: 'off',
      problem:
        'nothing encrypts the way to this server: name the proxy that does in STS_TRUST_PROXY, or set STS_TLS=files',
    });
  }
  if (environment.trustProxy === false && typeof issuer === 'string' && issuer.startsWith('http:')) {
    faults.push({
      path: 'issuer',
      value: issuer,
      problem: 'must be https in production (RFC 8414 §2), or name the proxy that ends TLS in STS_TRUST_PROXY',
    });
  }
  if (environment.database.url !== 'memory:' && !environment.database.encryptionKeys) {
    faults.push({
      path: 'STS_ENCRYPTION_KEYS',
      value: undefined,
      problem:
        'is needed in production, so that no key lies beside what it encrypts: make one with openssl rand -base64 32',
    });
  }
  return [...faults, ...demoSecrets(file)];
}

/** Secrets and passwords that everybody knows. */
export function demoSecrets({
  clients,
  apiResources,
  users,
}: Pick<StsFile, 'clients' | 'apiResources' | 'users'>): Fault[] {
  const of = (secrets: readonly Secret[], path: string) =>
    secrets
      .map((secret, index) => ({ secret, path: `${path}[${index}]` }))
      .filter(({ secret }) => demoHashes.has(secret.value))
      .map((found) => ({
        path: found.path,
        value: withheld,
        problem: 'is a demo secret: generate one, e.g. openssl rand -base64 32',
      }));
  return [
    ...clients.flatMap(({ clientSecrets }, index) => of(clientSecrets, `clients[${index}].clientSecrets`)),
    ...apiResources.flatMap(({ apiSecrets }, index) => of(apiSecrets, `apiResources[${index}].apiSecrets`)),
    ...users.flatMap(({ user, password }, index) =>
      password !== undefined && (demoWords.includes(password.toLowerCase()) || password === user.username)
        ? [
            {
              path: `users[${index}].password`,
              value: withheld,
              problem: 'is a demo password: give passwordHash, an argon2id PHC string of a good one',
            },
          ]
        : [],
    ),
  ];
}
