import { AccessTokenError } from './access-token.error.js';

/** The claims of a verified access token (RFC 9068 §2.2). Frozen, in all depth. */
export interface AccessTokenClaims {
  readonly iss: string;
  /** The person, or the client where no person takes part. */
  readonly sub: string;
  readonly aud: string | readonly string[];
  readonly client_id: string;
  /** Seconds since the epoch, as are `iat`, `nbf` and `auth_time`. */
  readonly exp: number;
  readonly iat?: number;
  readonly nbf?: number;
  readonly jti?: string;
  /** Scopes, separated by single spaces. */
  readonly scope?: string;
  readonly auth_time?: number;
  readonly acr?: string;
  readonly amr?: readonly string[];
  readonly sid?: string;
  readonly [claim: string]: unknown;
}

/** What the claims are held against. */
export interface ExpectedClaims {
  readonly audience: readonly string[];
  /** Seconds. */
  readonly clockTolerance: number;
}

type Claims = Readonly<Record<string, unknown>>;

/** The validation of RFC 9068 §4 that concerns the claims, in one visible list; the issuer is checked before the key is looked for. */
export function checkClaims(
  claims: Claims,
  expected: ExpectedClaims,
  now: number,
): asserts claims is AccessTokenClaims {
  checkAudience(claims, expected.audience);
  checkTimes(claims, now, expected.clockTolerance);
  for (const name of ['sub', 'client_id']) requireText(claims, name);
  for (const name of ['scope', 'jti']) if (claims[name] !== undefined) requireText(claims, name);
  checkUnbound(claims);
}

function checkAudience(claims: Claims, audience: readonly string[]): void {
  const aud: unknown = claims.aud;
  if (aud === undefined) throw missing('aud');
  const received: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  if (!received.every((name) => typeof name === 'string')) throw invalid('aud', 'text or a list of texts');
  if (!audience.some((name) => received.includes(name))) {
    throw new AccessTokenError(
      'audience_mismatch',
      `The token is for another audience; this API is ${audience.join(' or ')}.`,
    );
  }
}

/** RFC 7519 §4.1.4 to §4.1.6. A token without an end is refused: RFC 9068 §2.2 requires `exp`. */
function checkTimes(claims: Claims, now: number, tolerance: number): void {
  if (claims.exp === undefined) throw missing('exp');
  for (const name of ['exp', 'nbf', 'iat']) {
    if (claims[name] !== undefined && !Number.isFinite(claims[name])) throw invalid(name, 'a number of seconds');
  }
  const { exp, nbf = -Infinity, iat = -Infinity } = claims as { exp: number; nbf?: number; iat?: number };
  if (exp <= now - tolerance) throw new AccessTokenError('token_expired', 'The token has expired.');
  if (nbf > now + tolerance) throw new AccessTokenError('token_not_yet_valid', 'The token is not valid yet (nbf).');
  if (iat > now + tolerance)
    throw new AccessTokenError('token_not_yet_valid', 'The token was issued in the future (iat).');
}

/** Whoever holds a bound token must prove the key (RFC 7800 §3.1, RFC 9449 §7.1, RFC 8705 §3). A proof that is not checked is none. */
function checkUnbound(claims: Claims): void {
  if (claims.cnf !== undefined) {
    throw new AccessTokenError(
      'token_bound',
      'The token is bound to a key (cnf) and is not accepted as a plain bearer token.',
    );
  }
}

function requireText(claims: Claims, name: string): void {
  const value = claims[name];
  if (value === undefined) throw missing(name);
  if (typeof value !== 'string' || value === '') throw invalid(name, 'text');
}

function missing(name: string): AccessTokenError {
  return new AccessTokenError('claim_missing', `The token has no ${name} claim.`);
}

function invalid(name: string, right: string): AccessTokenError {
  return new AccessTokenError('claim_invalid', `The ${name} claim of the token is not ${right}.`);
}
