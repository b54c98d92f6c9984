import {
  constants,
  createPublicKey,
  type JsonWebKey,
  type KeyObject,
  verify,
  type VerifyKeyObjectInput,
} from 'node:crypto';
import { hasSecretMembers, type SigningAlgorithm } from '@tessera/protocol';
import type { JWK } from 'jose';
import { JwsError } from './jws.error.js';

/** How an algorithm is said to node:crypto (RFC 7518 §3.3 to §3.5, RFC 8037 §3.1). */
interface Scheme {
  /** What a key for it says of itself (RFC 7518 §6.1, RFC 8037 §2). */
  readonly key: Pick<JWK, 'kty' | 'crv'>;
  /** Undefined where the algorithm hashes by itself. */
  readonly hash: string | undefined;
  readonly options: Omit<VerifyKeyObjectInput, 'key'>;
  /** Bytes; an ECDSA signature has one length only, and node:crypto would throw for others. */
  readonly signatureLength?: number;
}

const rsa = { kty: 'RSA' };
const pkcs1 = (hash: string): Scheme => ({ key: rsa, hash, options: { padding: constants.RSA_PKCS1_PADDING } });
const pss = (hash: string): Scheme => ({
  key: rsa,
  hash,
  options: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
});
const ecdsa = (hash: string, crv: string, signatureLength: number): Scheme => ({
  key: { kty: 'EC', crv },
  hash,
  options: { dsaEncoding: 'ieee-p1363' },
  signatureLength,
});

const schemes: Readonly<Record<SigningAlgorithm, Scheme>> = {
  RS256: pkcs1('sha256'),
  RS384: pkcs1('sha384'),
  RS512: pkcs1('sha512'),
  PS256: pss('sha256'),
  PS384: pss('sha384'),
  PS512: pss('sha512'),
  ES256: ecdsa('sha256', 'P-256', 64),
  ES384: ecdsa('sha384', 'P-384', 96),
  ES512: ecdsa('sha512', 'P-521', 132),
  EdDSA: { key: { kty: 'OKP', crv: 'Ed25519' }, hash: undefined, options: {}, signatureLength: 64 },
};

/**
 * RFC 7518 §3.3 and §3.5: RSA keys have 2048 bits or more. The upper bounds are ours: a key of 16,384 bits, or one with a long
 * exponent, lets whoever brings it along (a DPoP proof does) occupy us for milliseconds with each signature. With the exponent 1
 * anybody can sign.
 */
const rsaBits = { least: 2048, most: 8192 };
const rsaExponent = { least: 3n, most: 0xffff_ffffn };

/** A public key together with the one algorithm that it checks, at once: jose would read keys and check signatures through WebCrypto, which takes several times as long. */
export class VerificationKey {
  private readonly scheme: Scheme;
  private readonly input: VerifyKeyObjectInput;

  private constructor(
    readonly algorithm: SigningAlgorithm,
    key: KeyObject,
  ) {
    this.scheme = schemes[algorithm];
    this.input = { key, ...this.scheme.options };
  }

  /**
   * Rejects with a JwsError (`key_unusable`) for a private or symmetric key, a key of another type or curve than the
   * algorithm's, one that is meant for something else (`use`, `key_ops`, `alg`), and RSA out of bounds.
   */
  static async fromJwk(jwk: JWK, algorithm: SigningAlgorithm): Promise<VerificationKey> {
    checkPurpose(jwk, algorithm);
    const publicKey = publicKeyOf(jwk, algorithm);
    if (publicKey.asymmetricKeyType === 'rsa') checkRsa(publicKey);
    return new VerificationKey(algorithm, publicKey);
  }

  /** Whether the signature is that of this key over the input, which is ASCII. Never throws for what a sender can choose. */
  verify(signingInput: string, signature: Buffer): boolean {
    if (this.scheme.signatureLength !== undefined && signature.length !== this.scheme.signatureLength) return false;
    return verify(this.scheme.hash, Buffer.from(signingInput, 'latin1'), this.input, signature);
  }
}

/** RFC 7517 §4.2 to §4.4: what a key is for, where it says so. node:crypto does not ask. */
function checkPurpose(jwk: JWK, algorithm: SigningAlgorithm): void {
  if (typeof jwk !== 'object' || jwk === null || hasSecretMembers(jwk)) throw unusable('it is not a public key');
  if (jwk.use !== undefined && jwk.use !== 'sig') throw unusable('its use is not sig');
  if (jwk.key_ops !== undefined && !(Array.isArray(jwk.key_ops) && jwk.key_ops.includes('verify'))) {
    throw unusable('its key_ops do not contain verify');
  }
  if (jwk.alg !== undefined && jwk.alg !== algorithm && !(jwk.alg === 'Ed25519' && algorithm === 'EdDSA')) {
    throw unusable(`its alg is not ${algorithm}`);
  }
}

/** RFC 8725 §3.1: the algorithm says what kind of key it is for. Whether a point is on its curve is for node:crypto to say. */
function publicKeyOf(jwk: JWK, algorithm: SigningAlgorithm): KeyObject {
  const { kty, crv } = schemes[algorithm].key;
  if (jwk.kty !== kty || (crv !== undefined && jwk.crv !== crv)) throw unusable(`it is no public key for ${algorithm}`);
  try {
    return createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
  } catch (cause) {
    throw unusable(`it is no public key for ${algorithm}`, cause);
  }
}

function checkRsa(key: KeyObject): void {
  const { modulusLength: bits = 0, publicExponent: exponent = 0n } = key.asymmetricKeyDetails ?? {};
  if (bits < rsaBits.least || bits > rsaBits.most) {
    throw unusable(`it has ${bits} bits, and RSA keys have ${rsaBits.least} to ${rsaBits.most}`);
  }
  if (exponent < rsaExponent.least || exponent > rsaExponent.most || exponent % 2n === 0n) {
    throw unusable('its exponent is not an odd number of 3 or more in 32 bits');
  }
}

function unusable(reason: string, cause?: unknown): JwsError {
  return new JwsError(
    'key_unusable',
    `The key cannot be used: ${reason}.`,
    cause === undefined ? undefined : { cause },
  );
}
