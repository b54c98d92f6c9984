import type { AccessTokenClaims } from '../token/access-token-claims.js';

/** Beside the request and not on it, so that nothing but a verification can put claims here. */
const verified = new WeakMap<object, AccessTokenClaims>();

export function rememberClaims(request: object, claims: AccessTokenClaims): void {
  verified.set(request, claims);
}

/** The claims of the token that this request was let in with, or undefined where none was checked. */
export function claimsOf(request: object): AccessTokenClaims | undefined {
  return verified.get(request);
}
