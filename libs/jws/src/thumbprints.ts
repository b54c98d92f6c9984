import { hash } from 'node:crypto';
import type { JWK } from 'jose';
import { JwsError } from './jws.error.js';

/** The members that make up a thumbprint, in their order (RFC 7638 §3.2, RFC 8037 §2). */
const requiredMembers: ReadonlyMap<unknown, readonly (keyof JWK)[]> = new Map([
  ['EC', ['crv', 'kty', 'x', 'y']],
  ['OKP', ['crv', 'kty', 'x']],
  ['RSA', ['e', 'kty', 'n']],
]);

/**
 * The SHA-256 thumbprint of a public key (RFC 7638 §3), in base64url: what `jkt` says in RFC 9449 §6. Throws a JwsError
 * (`key_unusable`). At once, where jose's would be awaited.
 */
export function jwkThumbprint(jwk: JWK): string {
  const members = requiredMembers.get(jwk.kty);
  if (!members) throw new JwsError('key_unusable', 'The key cannot be used: its kty is none of EC, OKP and RSA.');
  for (const member of members) {
    if (typeof jwk[member] !== 'string') {
      throw new JwsError('key_unusable', `The key cannot be used: its ${member} is not text.`);
    }
  }
  return hash('sha256', JSON.stringify(jwk, [...members]), 'base64url');
}

/** The SHA-256 thumbprint of a certificate in DER, in base64url: what `x5t#S256` says (RFC 8705 §3.1). */
export function certificateThumbprint(der: Buffer): string {
  return hash('sha256', der, 'base64url');
}
