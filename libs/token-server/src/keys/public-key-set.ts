import { type ClientCertificate, JwsError, jwkThumbprint, VerificationKey } from '@tessera/jws';
import { type EncryptionAlgorithm, type SigningAlgorithm, signingAlgorithmOf } from '@tessera/protocol';
import { encryptionKeyFault, type Jwk } from '@tessera/resource-model';
import { KeyUnavailableError, type NamedKey } from './key-holder.js';

/** A signature is tried with no more keys than these. */
const mostCandidates = 8;

/** The public keys of one holder. Each is read when it is first asked for, and once. */
export class PublicKeySet {
  private readonly read = new Map<string, Promise<VerificationKey | undefined>>();

  constructor(private readonly keys: readonly Jwk[]) {}

  /** Whether a key has this id; where no id is asked for, always. */
  knows({ kid }: NamedKey): boolean {
    return kid === undefined || this.keys.some((key) => key.kid === kid);
  }

  /** Whether one of them is the key of a certificate, or names the certificate itself (RFC 7517 §4.7). */
  includesKeyOf(certificate: ClientCertificate): boolean {
    const isCertificate = ({ x5c }: Jwk) => Array.isArray(x5c) && x5c[0] === certificate.der.toString('base64');
    const thumbprint = keyThumbprint(certificate);
    const isKey = (key: Jwk) => thumbprint !== undefined && thumbprintOf(key) === thumbprint;
    return this.keys.some((key) => key.use !== 'enc' && (isKey(key) || isCertificate(key)));
  }

  /** The keys that a signature may be of: those with its `kid`, or all that fit where it names none (RFC 7515 §4.1.4). */
  async candidates({ alg, kid }: NamedKey): Promise<readonly VerificationKey[]> {
    const algorithm = signingAlgorithmOf(alg);
    if (!algorithm) throw new KeyUnavailableError(`${shown(alg)} is no algorithm that keys are known for`);
    const named = this.keys.filter((key) => kid === undefined || key.kid === undefined || key.kid === kid);
    const fitting: VerificationKey[] = [];
    for (const key of named) {
      const read = await this.readFor(key, algorithm);
      if (read) fitting.push(read);
      if (fitting.length === mostCandidates) break;
    }
    if (fitting.length === 0) throw new KeyUnavailableError(`no key ${shown(kid)} fits ${algorithm}; ${this.list()}`);
    return fitting;
  }

  /** A key that something can be encrypted to; one that says so goes before one that does not. */
  encryptionKey(algorithm: EncryptionAlgorithm): Jwk {
    const fitting = this.keys.filter((key) => encryptionKeyFault(key, algorithm) === undefined);
    const key = fitting.find(({ use }) => use === 'enc') ?? fitting[0];
    if (!key) throw new KeyUnavailableError(`no key fits ${algorithm}; ${this.list()}`);
    return key;
  }

  private readFor(jwk: Jwk, algorithm: SigningAlgorithm): Promise<VerificationKey | undefined> {
    const name = `${algorithm} ${this.keys.indexOf(jwk)}`;
    let reading = this.read.get(name);
    if (!reading) {
      reading = VerificationKey.fromJwk(jwk, algorithm).catch(unusable);
      this.read.set(name, reading);
    }
    return reading;
  }

  private list(): string {
    if (this.keys.length === 0) return 'there are no keys';
    const words = this.keys.map(({ kid, kty, crv, use, alg }) =>
      [kid ?? '(no kid)', kty, crv, use, alg].filter((part) => typeof part === 'string').join(' '),
    );
    return `there are: ${words.join(', ')}`.slice(0, 300);
  }
}

/** Undefined for a key of a kind that JSON has no form for. */
function keyThumbprint({ x509 }: ClientCertificate): string | undefined {
  try {
    return thumbprintOf(x509.publicKey.export({ format: 'jwk' }));
  } catch {
    return undefined;
  }
}

/** Undefined for a key that lacks what makes it one. */
function thumbprintOf(key: Jwk): string | undefined {
  try {
    return jwkThumbprint(key);
  } catch (error) {
    return unusable(error);
  }
}

function unusable(error: unknown): undefined {
  if (!(error instanceof JwsError)) throw error;
}

function shown(value: unknown): string {
  return value === undefined ? '(no name)' : JSON.stringify(value).slice(0, 100);
}
