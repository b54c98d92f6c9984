import { constants, generateKeyPairSync, sign, type KeyObject, type KeyPairKeyObjectResult } from 'node:crypto';
import type { SigningAlgorithm } from '@tessera/protocol';
import type { JWK } from 'jose';

/** How a pair is made, and how it signs (RFC 7518 §3.3 to §3.5, RFC 8037 §3.1). */
interface Scheme {
  /** Algorithms with keys of the same kind can share a pair. */
  readonly kind: string;
  readonly generate: () => KeyPairKeyObjectResult;
  readonly hash: string | null;
  readonly options: Omit<Parameters<typeof sign>[2] & object, 'key'>;
}

const rsa = (hash: string, padding: number): Scheme => ({
  kind: 'RSA',
  generate: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  hash,
  options: { padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
});
const ec = (hash: string, namedCurve: string): Scheme => ({
  kind: namedCurve,
  generate: () => generateKeyPairSync('ec', { namedCurve }),
  hash,
  options: { dsaEncoding: 'ieee-p1363' },
});

const schemes: Readonly<Record<SigningAlgorithm, Scheme>> = {
  RS256: rsa('sha256', constants.RSA_PKCS1_PADDING),
  RS384: rsa('sha384', constants.RSA_PKCS1_PADDING),
  RS512: rsa('sha512', constants.RSA_PKCS1_PADDING),
  PS256: rsa('sha256', constants.RSA_PKCS1_PSS_PADDING),
  PS384: rsa('sha384', constants.RSA_PKCS1_PSS_PADDING),
  PS512: rsa('sha512', constants.RSA_PKCS1_PSS_PADDING),
  ES256: ec('sha256', 'P-256'),
  ES384: ec('sha384', 'P-384'),
  ES512: ec('sha512', 'P-521'),
  EdDSA: { kind: 'Ed25519', generate: () => generateKeyPairSync('ed25519'), hash: null, options: {} },
};

/** Pairs that were made in this process, by what they are for: to make one takes an RSA key some hundred milliseconds. */
const pairs = new Map<string, KeyPairKeyObjectResult>();

/** A key pair with which tests sign. Signing does not wait, so that neither does who asks for a token. */
export class SigningKey {
  readonly publicJwk: JWK;

  private constructor(
    readonly kid: string,
    readonly algorithm: SigningAlgorithm,
    private readonly pair: KeyPairKeyObjectResult,
  ) {
    this.publicJwk = { ...(pair.publicKey.export({ format: 'jwk' }) as JWK), kid, alg: algorithm, use: 'sig' };
  }

  /** The same pair each time in this process for the same owner, name and kind of key; no two owners share one. */
  static of(owner: string, kid: string, algorithm: SigningAlgorithm): SigningKey {
    const { kind, generate } = schemes[algorithm];
    const id = JSON.stringify([owner, kid, kind]);
    const pair = pairs.get(id) ?? generate();
    pairs.set(id, pair);
    return new SigningKey(kid, algorithm, pair);
  }

  /** A pair that nobody else has. */
  static unique(kid: string, algorithm: SigningAlgorithm): SigningKey {
    return new SigningKey(kid, algorithm, schemes[algorithm].generate());
  }

  get privateKey(): KeyObject {
    return this.pair.privateKey;
  }

  /** The public key as text, as a certificate or a wiki page would show it. */
  get publicPem(): string {
    return this.pair.publicKey.export({ format: 'pem', type: 'spki' }).toString();
  }

  /** The signature of a text, in base64url. */
  sign(input: string): string {
    const { hash, options } = schemes[this.algorithm];
    return sign(hash, Buffer.from(input), { ...options, key: this.pair.privateKey }).toString('base64url');
  }
}
