import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { Fault } from '@tessera/resource-model';
import type { TlsMode } from '../configuration/environment.js';
import type { TlsFiles } from './certificate-files.js';

/** What STS_TLS_CERT and STS_TLS_KEY name, found to be usable before anything starts. */
export function readCertificate(tls: TlsMode, faults: Fault[]): TlsFiles | undefined {
  if (tls.mode !== 'files' || tls.cert === '' || tls.key === '') return undefined;
  const cert = read('STS_TLS_CERT', tls.cert, faults);
  const key = read('STS_TLS_KEY', tls.key, faults);
  if (cert === undefined || key === undefined) return undefined;
  const chain = parse(() => createSecureContext({ cert }) && new X509Certificate(cert));
  if (!chain) {
    faults.push({
      path: 'STS_TLS_CERT',
      value: tls.cert,
      problem: 'names a file that holds no certificate in PEM form',
    });
    return undefined;
  }
  if (!parse(() => chain.checkPrivateKey(createPrivateKey(key)))) {
    const problem = 'names a file that does not hold the private key of STS_TLS_CERT in PEM form, without a passphrase';
    faults.push({ path: 'STS_TLS_KEY', value: tls.key, problem });
    return undefined;
  }
  return { cert, key };
}

function read(variable: string, path: string, faults: Fault[]): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const problem = `names a file that cannot be read: ${(error as Error).message}`;
    faults.push({ path: variable, value: path, problem });
    return undefined;
  }
}

function parse<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
