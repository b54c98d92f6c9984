import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { read, type TlsFiles } from './certificate-files.js';

const day = 86_400_000;

/**
 * A certificate for localhost, signed by an authority made for this folder alone: `ca.pem` (to be trusted), `cert.pem` and
 * `key.pem`. Both are kept and used again; the server's is made anew a month before it ends, what is broken at once.
 */
export async function developmentCertificate(folder: string, now = new Date()): Promise<TlsFiles> {
  mkdirSync(folder, { recursive: true });
  const kept = readServerFiles(folder, now);
  if (kept) return kept;
  // Not at the top: making certificates takes a library that few starts need, and it takes its time to load.
  const { makeCertificate } = await import('./make-certificate.js');
  return makeCertificate(folder, now);
}

/** The files of an earlier start, where they still belong together: a start may have ended between writing two of them. */
function readServerFiles(folder: string, now: Date): TlsFiles | undefined {
  const [ca, cert, key] = ['ca.pem', 'cert.pem', 'key.pem'].map((name) => read(folder, name));
  if (ca === undefined || cert === undefined || key === undefined) return undefined;
  try {
    const certificate = new X509Certificate(cert);
    const isFresh = Date.parse(certificate.validTo) - now.getTime() > 30 * day;
    const isOfAuthority = certificate.verify(new X509Certificate(ca).publicKey);
    return isFresh && isOfAuthority && certificate.checkPrivateKey(createPrivateKey(key)) ? { cert, key } : undefined;
  } catch {
    return undefined;
  }
}
