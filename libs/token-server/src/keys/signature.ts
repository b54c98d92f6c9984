import { constants, hash as digest, type KeyObject, sign, type SignKeyObjectInput, verify } from 'node:crypto';
import { promisify } from 'node:util';
import type { SigningAlgorithm } from '@tessera/protocol';

interface SignatureRules {
  /** undefined: the curve brings its own (Ed25519). */
  readonly hash: 'sha256' | 'sha384' | 'sha512' | undefined;
  readonly key: Omit<SignKeyObjectInput, 'key'>;
}

const pkcs1 = { padding: constants.RSA_PKCS1_PADDING };
const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
// RFC 7518 §3.4: r and s side by side, not DER.
const ecdsa = { dsaEncoding: 'ieee-p1363' } as const;

const rules: Readonly<Record<SigningAlgorithm, SignatureRules>> = {
  RS256: { hash: 'sha256', key: pkcs1 },
  RS384: { hash: 'sha384', key: pkcs1 },
  RS512: { hash: 'sha512', key: pkcs1 },
  PS256: { hash: 'sha256', key: pss },
  PS384: { hash: 'sha384', key: pss },
  PS512: { hash: 'sha512', key: pss },
  ES256: { hash: 'sha256', key: ecdsa },
  ES384: { hash: 'sha384', key: ecdsa },
  ES512: { hash: 'sha512', key: ecdsa },
  EdDSA: { hash: undefined, key: {} },
};

const signInThreadPool = promisify<SignatureRules['hash'], Buffer, SignKeyObjectInput, Buffer>(sign);

/** What signs or verifies with one key: its algorithm's rules and the key itself, put together once. */
export interface SignatureKey {
  readonly hash: SignatureRules['hash'];
  readonly input: SignKeyObjectInput;
}

export function signatureKey(algorithm: SigningAlgorithm, key: KeyObject): SignatureKey {
  const { hash, key: parameters } = rules[algorithm];
  return { hash, input: { ...parameters, key } };
}

/**
 * A JWS signature (RFC 7518 §3), base64url. RSA takes long enough to be worth a thread of the pool, so that the event loop
 * stays free; elliptic curves are faster than the way there and back.
 */
export function createSignature({ hash, input }: SignatureKey, data: string): string | Promise<string> {
  if (input.key.asymmetricKeyType !== 'rsa') return sign(hash, Buffer.from(data), input).toString('base64url');
  return signInThreadPool(hash, Buffer.from(data), input).then((signature) => signature.toString('base64url'));
}

/** Whether the signature is right and written in the one canonical way, so that no two texts pass for the same token. */
export function isSignatureOf({ hash, input }: SignatureKey, data: string, signature: string): boolean {
  const bytes = Buffer.from(signature, 'base64url');
  return bytes.toString('base64url') === signature && verify(hash, Buffer.from(data), input, bytes);
}

/** OpenID Connect Core §3.1.3.6: the left half of the hash that the signature algorithm uses. */
export function halfHash(algorithm: SigningAlgorithm, value: string): string {
  const hash = digest(rules[algorithm].hash ?? 'sha512', value, 'buffer');
  return hash.subarray(0, hash.length / 2).toString('base64url');
}
