import 'reflect-metadata';
import { createPrivateKey, webcrypto, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const day = 86_400_000;
/** Browsers take no server certificate that is good for longer than 398 days. */
const serverDays = 390;
const authorityDays = 3650;

/** How the name of each development authority begins. */
export const authorityName = 'Tessera development authority';

/** A certificate chain and its key, in PEM form. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

interface Authority {
  readonly certificate: x509.X509Certificate;
  readonly privateKey: webcrypto.CryptoKey;
}

/**
 * A certificate for localhost, signed by an authority made for this folder alone: `ca.pem` (to be trusted), `cert.pem` and
 * `key.pem`. Both are kept and used again; the server's is made anew a month before it ends, what is broken at once.
 */
export async function developmentCertificate(folder: string, now = new Date()): Promise<TlsFiles> {
  x509.cryptoProvider.set(webcrypto as never);
  mkdirSync(folder, { recursive: true });
  const kept = readServerFiles(folder, now);
  if (kept) return kept;
  const authority = (await readAuthority(folder, now)) ?? (await createAuthority(folder, now));
  return createServerFiles(folder, authority, now);
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

async function readAuthority(folder: string, now: Date): Promise<Authority | undefined> {
  const [ca, key] = ['ca.pem', 'ca-key.pem'].map((name) => read(folder, name));
  if (ca === undefined || key === undefined) return undefined;
  try {
    if (!new X509Certificate(ca).checkPrivateKey(createPrivateKey(key))) return undefined;
    const certificate = new x509.X509Certificate(ca);
    if (certificate.notAfter.getTime() - now.getTime() < serverDays * day) return undefined;
    const der = x509.PemConverter.decodeFirst(key);
    return { certificate, privateKey: await webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']) };
  } catch {
    return undefined;
  }
}

async function createAuthority(folder: string, now: Date): Promise<Authority> {
  const keys = await generateKeys();
  // Its own number in the name keeps two folders' authorities apart in a trust store that holds both.
  const number = Buffer.from(webcrypto.getRandomValues(new Uint8Array(4))).toString('hex');
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${authorityName} ${number}`,
    ...validity(now, authorityDays),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  await writeKey(folder, 'ca-key.pem', keys.privateKey);
  write(folder, 'ca.pem', `${certificate.toString('pem')}\n`, 0o644);
  return { certificate, privateKey: keys.privateKey };
}

async function createServerFiles(folder: string, authority: Authority, now: Date): Promise<TlsFiles> {
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    subject: 'CN=localhost',
    issuer: authority.certificate.subject,
    ...validity(now, serverDays),
    signingKey: authority.privateKey,
    publicKey: keys.publicKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
        { type: 'ip', value: '::1' },
      ]),
      await x509.AuthorityKeyIdentifierExtension.create(authority.certificate.publicKey),
    ],
  });
  const key = await writeKey(folder, 'key.pem', keys.privateKey);
  const cert = `${certificate.toString('pem')}\n`;
  write(folder, 'cert.pem', cert, 0o644);
  return { cert, key };
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

function validity(now: Date, days: number) {
  // A minute back: the clock of whoever checks it may be a little behind.
  return { notBefore: new Date(now.getTime() - 60_000), notAfter: new Date(now.getTime() + days * day) };
}

async function writeKey(folder: string, name: string, key: webcrypto.CryptoKey): Promise<string> {
  const pem = `${x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')}\n`;
  write(folder, name, pem, 0o600);
  return pem;
}

function read(folder: string, name: string): string | undefined {
  try {
    return readFileSync(join(folder, name), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Written beside and moved into place, so that nobody reads half of it. */
function write(folder: string, name: string, text: string, mode: number): void {
  const beside = join(folder, `${name}.${process.pid}.new`);
  writeFileSync(beside, text, { mode });
  renameSync(beside, join(folder, name));
}
