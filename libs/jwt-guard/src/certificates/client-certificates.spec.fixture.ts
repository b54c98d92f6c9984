import { execFileSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real certificate with its key, and the thumbprint that RFC 8705 §3.1 makes of it. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
  readonly der: Buffer;
  readonly thumbprint: string;
}

/** Makes a self-signed certificate for localhost with openssl; `names` are further Subject Alternative Names. */
export function selfSigned(commonName: string, names = ''): TestCertificate {
  const folder = mkdtempSync(join(tmpdir(), 'client-certificate-'));
  try {
    const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    const subject = ['-subj', `/CN=${commonName}`, '-addext', `subjectAltName=DNS:localhost${names}`];
    execFileSync('openssl', ['req', '-x509', ...curve, ...files, ...subject], { stdio: 'ignore' });
    const [key, cert] = ['key.pem', 'cert.pem'].map((name) => readFileSync(join(folder, name), 'utf8')) as [
      string,
      string,
    ];
    const der = new X509Certificate(cert).raw;
    return { cert, key, der, thumbprint: createHash('sha256').update(der).digest('base64url') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
