import { signingAlgorithmOf } from '@tessera/protocol';
import { decodeBytes, decodeObject, splitCompactJws } from './compact-jws.js';
import { JwsError } from './jws.error.js';
import type { VerificationKey } from './verification-key.js';

/** A compact JWS whose signature is good. Whether its content may be believed is for the caller to say: issuer, audience, time. */
export interface VerifiedJws {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Buffer;
}

/**
 * Reads a compact JWS and checks its signature (RFC 7515 §5.2) with a key that the caller trusts. Throws a JwsError:
 * `malformed`, `extension_unknown`, `algorithm_mismatch`, `signature_invalid`.
 */
export function verifyCompactJws(text: string, key: VerificationKey): VerifiedJws {
  const jws = splitCompactJws(text);
  const header = decodeObject(jws.header);
  refuseExtensions(header);
  // RFC 8725 §3.1: the key says which algorithm it is for, and the token does not choose; not more than its name, where it has two.
  if (signingAlgorithmOf(header.alg) !== key.algorithm)
    throw new JwsError('algorithm_mismatch', `The JWS is not signed with ${key.algorithm}.`);
  if (!key.verify(jws.signingInput, decodeBytes(jws.signature))) {
    throw new JwsError('signature_invalid', 'The signature of the JWS is not that of the key.');
  }
  return { header, payload: decodeBytes(jws.payload) };
}

/**
 * Throws a JwsError (`extension_unknown`) for a header that demands an extension: none is understood here, so whatever
 * `crit` says is refused (RFC 7515 §4.1.11). So is `b64: false`, which needs `crit` and has no place in a JWT (RFC 7797 §6, §7).
 */
export function refuseExtensions(header: Readonly<Record<string, unknown>>): void {
  if (header.crit !== undefined) throw unknownExtension('crit');
  if (header.b64 === false) throw unknownExtension('b64');
}

function unknownExtension(name: string): JwsError {
  return new JwsError(
    'extension_unknown',
    `The header of the JWS demands an extension (${name}) that is not supported.`,
  );
}
