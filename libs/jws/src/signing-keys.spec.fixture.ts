import { generateKeyPairSync, sign, constants, type KeyObject, type SignKeyObjectInput } from 'node:crypto';
import type { SigningAlgorithm } from '@tessera/protocol';
import type { JWK } from 'jose';

export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly jwk: JWK;
}

export const curves = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' } as const;

/** A new key for an algorithm. RSA keys are for all six RSA algorithms. */
export function keyPairFor(algorithm: SigningAlgorithm): KeyPair {
  return ofType(algorithm === 'EdDSA' ? 'Ed25519' : algorithm.startsWith('ES') ? curves[algorithm as 'ES256'] : 'RSA');
}

function ofType(type: string): KeyPair {
  if (type === 'Ed25519') return pair(generateKeyPairSync('ed25519'));
  if (type === 'RSA') return pair(generateKeyPairSync('rsa', { modulusLength: 2048 }));
  return pair(generateKeyPairSync('ec', { namedCurve: type }));
}

export function pair({ privateKey, publicKey }: { privateKey: KeyObject; publicKey: KeyObject }): KeyPair {
  return { privateKey, publicKey, jwk: publicKey.export({ format: 'jwk' }) };
}

/** Signs whatever it is given, as a library that checks what it signs would not. */
export function signBytes(
  input: string | Buffer,
  { privateKey }: KeyPair,
  algorithm: SigningAlgorithm,
  options: Partial<SignKeyObjectInput> = {},
): Buffer {
  const data = typeof input === 'string' ? Buffer.from(input) : input;
  if (algorithm === 'EdDSA') return sign(null, data, privateKey);
  const padding = algorithm.startsWith('PS') ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  const scheme: Partial<SignKeyObjectInput> = algorithm.startsWith('ES')
    ? { dsaEncoding: 'ieee-p1363' }
    : { padding, ...(algorithm.startsWith('PS') && { saltLength: constants.RSA_PSS_SALTLEN_DIGEST }) };
  return sign(`sha${algorithm.slice(2)}`, data, { key: privateKey, ...scheme, ...options });
}

/** One part of a token: bytes or text as they are, anything else as JSON. */
export function encodePart(value: unknown): string {
  const bytes =
    Buffer.isBuffer(value) || typeof value === 'string' ? Buffer.from(value) : Buffer.from(JSON.stringify(value));
  return bytes.toString('base64url');
}

/** A token with this header and payload, whatever they are, and a good signature. */
export function signedToken(header: unknown, payload: unknown, pair: KeyPair, algorithm: SigningAlgorithm): string {
  const input = `${encodePart(header)}.${encodePart(payload)}`;
  return `${input}.${signBytes(input, pair, algorithm).toString('base64url')}`;
}
