import { decodeObject, splitCompactJws, type CompactJws } from '@tessera/jws';
import type { UncheckedClaims } from './access-token-claims.js';

/** A signed token that was read and not checked yet: nothing that it says may be believed. */
export interface SignedToken {
  /** As it came with the request, and known by that: itself, or what it was taken out of. */
  readonly presented: string;
  readonly jws: CompactJws;
  readonly claims: UncheckedClaims;
}

/** Throws a JwsError where the text is no compact JWS with claims. */
export function readSignedToken(text: string, presented = text): SignedToken {
  const jws = splitCompactJws(text);
  return { presented, jws, claims: decodeObject(jws.payload) };
}
