import 'reflect-metadata';
import { createHash, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const day = 86_400_000;
x509.cryptoProvider.set(webcrypto as never);

/** A real certificate with its key, and the thumbprint that RFC 8705 §3.1 makes of it. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
  readonly der: Buffer;
  readonly thumbprint: string;
}

/** What a certificate is to say. */
export interface CertificatePlan {
  /** In the order of the certificate; an item with several types has several attributes in one part. */
  readonly subject: x509.JsonName;
  readonly names?: x509.JsonGeneralNames;
  /** Days from now. Default: from yesterday to tomorrow. */
  readonly days?: readonly [from: number, to: number];
  /** Default: for clients. */
  readonly usages?: readonly string[];
}

export const commonName = (name: string): x509.JsonName => [{ CN: [name] }];

/** A certificate that nobody but its holder has signed. */
export async function selfSigned(plan: CertificatePlan): Promise<TestCertificate> {
  const keys = await generateKeys();
  const { name, ...rest } = { name: plan.subject, ...contentOf(plan) };
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({ name, keys, ...rest });
  return exported(certificate, keys.privateKey);
}

/** An authority of one's own. */
export class TestAuthority {
  private constructor(
    private readonly certificate: x509.X509Certificate,
    private readonly privateKey: webcrypto.CryptoKey,
  ) {}

  static async create(name: string, days: readonly [number, number] = [-1, 1]): Promise<TestAuthority> {
    const keys = await generateKeys();
    const extensions = [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ];
    const content = { ...validity(days), signingAlgorithm: algorithm, extensions };
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({ name: `CN=${name}`, keys, ...content });
    return new TestAuthority(certificate, keys.privateKey);
  }

  get cert(): string {
    return this.certificate.toString('pem');
  }

  async issue(plan: CertificatePlan): Promise<TestCertificate> {
    const keys = await generateKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      subject: plan.subject,
      issuer: this.certificate.subject,
      signingKey: this.privateKey,
      publicKey: keys.publicKey,
      ...contentOf(plan),
    });
    return exported(certificate, keys.privateKey);
  }
}

function contentOf({ names, days = [-1, 1], usages = [x509.ExtendedKeyUsage.clientAuth] }: CertificatePlan) {
  const extensions: x509.Extension[] = [new x509.BasicConstraintsExtension(false, undefined, true)];
  if (usages.length > 0) extensions.push(new x509.ExtendedKeyUsageExtension([...usages]));
  if (names) extensions.push(new x509.SubjectAlternativeNameExtension(names));
  return { ...validity(days), signingAlgorithm: algorithm, extensions };
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

function validity([from, to]: readonly [number, number]) {
  return { notBefore: new Date(Date.now() + from * day), notAfter: new Date(Date.now() + to * day) };
}

async function exported(certificate: x509.X509Certificate, key: webcrypto.CryptoKey): Promise<TestCertificate> {
  const der = Buffer.from(certificate.rawData);
  return {
    cert: certificate.toString('pem'),
    key: x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY'),
    der,
    thumbprint: createHash('sha256').update(der).digest('base64url'),
  };
}
