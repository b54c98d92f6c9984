import 'reflect-metadata';
import { createPrivateKey, webcrypto, X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { authorityName, read, type TlsFiles, write } from './certificate-files.js';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const day = 86_400_000;
/** Browsers take no server certificate that is good for longer than 398 days. */
const serverDays = 390;
const authorityDays = 3650;

interface Authority {
  readonly certificate: x509.X509Certificate;
  readonly privateKey: webcrypto.CryptoKey;
}

/** A new certificate in the folder, of the authority that is there, or of a new one. */
export async function makeCertificate(folder: string, now: Date): Promise<TlsFiles> {
  x509.cryptoProvider.set(webcrypto as never);
  const authority = (await readAuthority(folder, now)) ?? (await createAuthority(folder, now));
  return createServerFiles(folder, authority, now);
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
