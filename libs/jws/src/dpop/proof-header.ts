import { hasSecretMembers, type SigningAlgorithm, signingAlgorithmOf } from '@tessera/protocol';
import type { JWK } from 'jose';
import { decodeObject } from '../compact-jws.js';
import { jwkThumbprint } from '../thumbprints.js';
import { refuseExtensions } from '../verify-compact-jws.js';
import { DpopError } from './dpop.error.js';

/** Who signed, as the header of a proof says it. */
export interface ProofHeader {
  readonly algorithm: SigningAlgorithm;
  readonly jwk: JWK;
  /** Of the key (RFC 7638). */
  readonly thumbprint: string;
}

/**
 * The points of RFC 9449 §4.3 that concern the header alone. The key is the one in `jwk` and no other: `kid`, `jku`, `x5u` and `x5c` are not
 * read. Throws a DpopError or a JwsError.
 */
export function readProofHeader(encoded: string, algorithms: readonly SigningAlgorithm[]): ProofHeader {
  const header = decodeObject(encoded);
  refuseExtensions(header);
  checkType(header.typ);
  const named = signingAlgorithmOf(header.alg);
  const algorithm = algorithms.find((accepted) => accepted === named);
  if (!algorithm) {
    throw new DpopError('proof_invalid', `The DPoP proof is not signed with one of ${algorithms.join(', ')}.`);
  }
  const jwk = readKey(header.jwk);
  return { algorithm, jwk, thumbprint: jwkThumbprint(jwk) };
}

/** RFC 7515 §4.1.9: a media type, so case does not matter, and `application/` may stand before it. */
function checkType(typ: unknown): void {
  const type = typeof typ === 'string' ? typ.toLowerCase() : undefined;
  if (type !== 'dpop+jwt' && type !== 'application/dpop+jwt') {
    throw new DpopError('proof_malformed', 'The DPoP proof is not one: the typ of its header must be dpop+jwt.');
  }
}

function readKey(jwk: unknown): JWK {
  if (typeof jwk !== 'object' || jwk === null || Array.isArray(jwk)) {
    throw new DpopError('proof_malformed', 'The header of the DPoP proof has no public key (jwk).');
  }
  // RFC 9449 §4.3, point 7.
  if (hasSecretMembers(jwk)) {
    throw new DpopError(
      'proof_malformed',
      'The jwk of the DPoP proof shows a private key. That key must not be used again.',
    );
  }
  return jwk;
}
