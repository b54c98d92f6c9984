import { type CompactJws, decodeObject, refuseExtensions, splitCompactJws } from '@tessera/jws';
import {
  OAuthError,
  type SecretAlgorithm,
  secretAlgorithms,
  type SigningAlgorithm,
  signingAlgorithmOf,
} from '@tessera/protocol';

/** What a client authenticates with instead of a secret, taken apart (RFC 7523 §3): not yet believed. */
export interface Assertion {
  readonly jws: CompactJws;
  readonly header: Readonly<Record<string, unknown>>;
  readonly algorithm: SigningAlgorithm | SecretAlgorithm;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Who it says to be of. */
  readonly subject: string;
}

/** The longest client id there is. */
const longestSubject = 200;

/** Takes an assertion apart. @throws OAuthError `invalid_client` */
export function readAssertion(text: string): Assertion {
  try {
    const jws = splitCompactJws(text);
    const header = decodeObject(jws.header);
    refuseExtensions(header);
    const claims = decodeObject(jws.payload);
    const { sub: subject } = claims;
    if (typeof subject !== 'string' || subject === '' || subject.length > longestSubject) {
      throw new Error('sub is not the id of a client');
    }
    const algorithm = signingAlgorithmOf(header.alg) ?? secretAlgorithms.find((one) => one === header.alg);
    if (!algorithm) throw new Error('alg is none of those that are accepted');
    return { jws, header, algorithm, claims, subject };
  } catch (cause) {
    throw new OAuthError('invalid_client', 'client_assertion must be a signed JWT whose sub is the client_id.', {
      cause,
    });
  }
}
