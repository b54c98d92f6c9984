import { generateKeyPairSync } from 'node:crypto';

/** A new private key for RS256 (2048 bits), ES256 or EdDSA (Ed25519), as a JWK. */
export function newKey(algorithm) {
  const { privateKey } = {
    RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    EdDSA: () => generateKeyPairSync('ed25519'),
  }[algorithm]();
  return privateKey.export({ format: 'jwk' });
}
