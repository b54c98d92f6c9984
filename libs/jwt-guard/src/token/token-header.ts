import { decodeObject, JwsError } from '@tessera/jws';
import { TokenTypes } from '@tessera/protocol';
import type { KeyedHeader } from '../keys/key-source.js';
import { AccessTokenError } from './access-token.error.js';

/** What is asked of a header. */
interface HeaderPolicy {
  readonly algorithms: ReadonlySet<string>;
  readonly tokenType: 'at+jwt' | 'any';
}

/**
 * Reads an encoded header by the rules of RFC 8725 (§3.1, §3.10, §3.11). Of the header only `alg`, `kid`, `typ` and `crit`
 * are read: a key or an address that a token brings along (jwk, jku, x5c, x5u) is the sender's word and is never used.
 */
export function readHeader(encodedHeader: string, policy: HeaderPolicy): KeyedHeader {
  const { alg, kid, typ, crit, b64 } = decode(encodedHeader);
  if (typeof alg !== 'string' || !policy.algorithms.has(alg)) {
    throw new AccessTokenError(
      'algorithm_not_allowed',
      `The token is not signed with one of ${[...policy.algorithms].join(', ')}.`,
    );
  }
  checkType(typ, policy.tokenType);
  // RFC 7515 §4.1.11: what is not understood and critical makes the token invalid. No extension is understood here,
  // and an unencoded payload (RFC 7797 §7) has no place in a JWT.
  if (crit !== undefined || b64 === false) {
    throw new AccessTokenError(
      'critical_header_unknown',
      'The header of the token demands an extension (crit) that is not supported.',
    );
  }
  if (kid !== undefined && typeof kid !== 'string') {
    throw new AccessTokenError('token_malformed', 'The kid of the header is not text.');
  }
  return kid === undefined ? { alg } : { alg, kid };
}

function decode(encodedHeader: string): Record<string, unknown> {
  try {
    return decodeObject(encodedHeader);
  } catch (cause) {
    if (cause instanceof JwsError)
      throw new AccessTokenError('token_malformed', 'The token is not a signed JWT.', { cause });
    throw cause;
  }
}

/** RFC 9068 §4: `at+jwt`. Issuers that do not set it write `JWT` or nothing; another type is another kind of token for them too. */
function checkType(typ: unknown, tokenType: HeaderPolicy['tokenType']): void {
  const type = mediaType(typ);
  if (type === TokenTypes.accessToken) return;
  if (tokenType === 'any' && (typ === undefined || type === 'jwt')) return;
  throw new AccessTokenError(
    'token_type_mismatch',
    'The token is not an access token: the typ of its header must be at+jwt.',
  );
}

/** RFC 7515 §4.1.9: media types do not depend on case, and `application/` may be left out. */
function mediaType(typ: unknown): string | undefined {
  return typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : undefined;
}
