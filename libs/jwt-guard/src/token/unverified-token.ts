import { maxBearerLength, TokenTypes } from '@tessera/protocol';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { AccessTokenError } from './access-token.error.js';

/** The header of a token that may be looked for in the issuer's keys. */
export interface KeyedHeader {
  readonly alg: string;
  readonly kid?: string;
}

/** A token as it came. Nothing in it may be believed before its signature is checked. */
export interface UnverifiedToken {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Takes a compact JWS apart (RFC 7515 §7.1), within the length limit. */
export function parseToken(token: string): UnverifiedToken {
  if (token.length > maxBearerLength) {
    throw new AccessTokenError('token_too_long', `The token is longer than ${maxBearerLength} characters.`);
  }
  try {
    return { header: decodeProtectedHeader(token), claims: decodeJwt(token) };
  } catch (cause) {
    throw new AccessTokenError('token_malformed', 'The token is not a signed JWT.', { cause });
  }
}

/**
 * The rules about the header (RFC 8725 §3.1, §3.10, §3.11). Of the header only `alg`, `kid` and `typ` are read: a key
 * or an address that a token brings along (jwk, jku, x5c, x5u) is the sender's word and is never used.
 */
export function checkHeader(
  header: UnverifiedToken['header'],
  algorithms: readonly string[],
): asserts header is UnverifiedToken['header'] & KeyedHeader {
  if (typeof header.alg !== 'string' || !algorithms.includes(header.alg)) {
    throw new AccessTokenError(
      'algorithm_not_allowed',
      `The token is not signed with one of ${algorithms.join(', ')}.`,
    );
  }
  if (!isAccessTokenType(header.typ)) {
    throw new AccessTokenError(
      'token_type_mismatch',
      'The token is not an access token: the typ of its header must be at+jwt.',
    );
  }
  // RFC 7515 §4.1.11: what is not understood and critical makes the token invalid. No extension is understood here.
  if (header.crit !== undefined) {
    throw new AccessTokenError(
      'critical_header_unknown',
      'The header of the token demands an extension (crit) that is not supported.',
    );
  }
  if (header.kid !== undefined && typeof header.kid !== 'string') {
    throw new AccessTokenError('token_malformed', 'The kid of the header is not text.');
  }
}

/** RFC 9068 §4: `at+jwt`, or with the prefix `application/`; media types do not depend on case. */
function isAccessTokenType(typ: unknown): boolean {
  if (typeof typ !== 'string') return false;
  const type = typ.toLowerCase();
  return type === TokenTypes.accessToken || type === `application/${TokenTypes.accessToken}`;
}
