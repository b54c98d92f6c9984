import { decodeObject } from '../compact-jws.js';
import { DpopError } from './dpop.error.js';

/** The claims of a proof (RFC 9449 §4.2). Times are seconds since the epoch. */
export interface ProofClaims {
  readonly jti: string;
  readonly htm: string;
  readonly htu: string;
  readonly iat: number;
  readonly ath?: string;
  readonly nonce?: string;
  /** Not claims of a proof, but of any JWT: where they are there, they hold (RFC 7519 §4.1.4, §4.1.5). */
  readonly exp?: number;
  readonly nbf?: number;
}

/** How long a `jti` may be, in characters; RFC 9449 §11.1 leaves the limit to the server. A UUID has 36. */
const longestJti = 256;

/** The type of each claim; the first four are required (RFC 9449 §4.2). */
const claimTypes = Object.entries({
  jti: 'string',
  htm: 'string',
  htu: 'string',
  iat: 'number',
  ath: 'string',
  nonce: 'string',
  exp: 'number',
  nbf: 'number',
});
const required = ['jti', 'htm', 'htu', 'iat'];

/** RFC 9449 §4.3, point 3. Throws a DpopError (`proof_malformed`) or a JwsError. */
export function readProofClaims(encoded: string): ProofClaims {
  const claims = decodeObject(encoded);
  for (const [name, type] of claimTypes) {
    const value = claims[name];
    if (value === undefined && !required.includes(name)) continue;
    if (typeof value !== type) throw malformed(name, value === undefined ? 'is missing' : `is not a ${type}`);
  }
  const { jti } = claims as unknown as ProofClaims;
  if (jti.length === 0 || jti.length > longestJti)
    throw malformed('jti', `does not have 1 to ${longestJti} characters`);
  return claims as unknown as ProofClaims;
}

function malformed(name: string, fault: string): DpopError {
  return new DpopError('proof_malformed', `The ${name} of the DPoP proof ${fault}.`);
}
