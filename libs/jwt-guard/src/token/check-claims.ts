import type { IssuerSettings } from '../options/issuer-settings.js';
import type { RequiredClaim } from '../options/jwt-guard.options.js';
import type { AccessTokenClaims, UncheckedClaims } from './access-token-claims.js';
import { AccessTokenError } from './access-token.error.js';

/** The part of an issuer's settings that concerns claims. */
export type ClaimPolicy = Pick<
  IssuerSettings,
  'audience' | 'audienceClaim' | 'clockTolerance' | 'claimPaths' | 'requiredClaims' | 'tokenType'
>;

/** The validation of RFC 9068 §4 that concerns the claims of a JWT, in one visible list; the issuer and the signature are checked before. */
export function checkClaims(
  claims: UncheckedClaims,
  policy: ClaimPolicy,
  now: number,
): asserts claims is AccessTokenClaims & { readonly exp: number } {
  checkAudience(claims, policy);
  if (claims.exp === undefined) throw missing('exp');
  checkTimes(claims, now, policy.clockTolerance);
  requireText(claims, 'sub');
  requireClientId(claims, policy);
  if (claims.jti !== undefined) requireText(claims, 'jti');
  if (policy.tokenType === 'any') checkKind(claims);
  for (const [name, required] of policy.requiredClaims) checkRequired(claims, name, required);
}

export function checkAudience(claims: UncheckedClaims, { audience, audienceClaim }: ClaimPolicy): void {
  const value = claims[audienceClaim];
  if (value === undefined) throw missing(audienceClaim);
  const received: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (!received.every((name) => typeof name === 'string')) throw invalid(audienceClaim, 'text or a list of texts');
  if (!audience.some((name) => received.includes(name))) {
    throw new AccessTokenError(
      'audience_mismatch',
      `The token is for another audience; this API is ${audience.join(' or ')}.`,
    );
  }
}

/** RFC 7519 §4.1.4 to §4.1.6. */
export function checkTimes(claims: UncheckedClaims, now: number, tolerance: number): void {
  const exp = timeOf(claims, 'exp') ?? Infinity;
  const nbf = timeOf(claims, 'nbf') ?? -Infinity;
  const iat = timeOf(claims, 'iat') ?? -Infinity;
  if (exp <= now - tolerance) throw new AccessTokenError('token_expired', 'The token has expired.');
  if (nbf > now + tolerance) throw new AccessTokenError('token_not_yet_valid', 'The token is not valid yet (nbf).');
  if (iat > now + tolerance) {
    throw new AccessTokenError('token_not_yet_valid', 'The token was issued in the future (iat).');
  }
}

export function checkRequired(claims: UncheckedClaims, name: string, required: RequiredClaim): void {
  const value = claims[name];
  if (value === undefined || value === null) throw missing(name);
  if (!fulfils(value, required, claims)) {
    throw new AccessTokenError('claim_invalid', `The ${name} claim of the token is not what this API requires.`);
  }
}

export function fulfils(value: unknown, required: RequiredClaim, claims: UncheckedClaims): boolean {
  if (value === undefined || value === null) return false;
  // Not false: `{ email_verified: true }` reads as if it asked for that.
  if (required === true) return value !== false;
  if (typeof required === 'function') return isTrue(required(value, claims));
  const wanted: readonly unknown[] = Array.isArray(required) ? required : [required];
  const received: readonly unknown[] = Array.isArray(value) ? value : [value];
  return wanted.some((one) => received.includes(one));
}

/** Nothing but `true` lets in: a promise, which the types forbid, never does, and if it fails it takes nobody down with it. */
export function isTrue(answer: unknown): boolean {
  if (answer instanceof Promise) answer.catch(() => undefined);
  return answer === true;
}

/** Where `typ` does not tell the kinds of token apart, claims do that only other kinds have (OpenID Connect Core §2, §3.3.2.11; RFC 8417 §2.2). */
export function checkKind(claims: UncheckedClaims): void {
  for (const name of ['nonce', 'at_hash', 'c_hash', 's_hash', 'events']) {
    if (claims[name] !== undefined) {
      throw new AccessTokenError(
        'token_type_mismatch',
        `The token is not an access token: it has the ${name} claim of another kind of token.`,
      );
    }
  }
}

function requireClientId(claims: UncheckedClaims, { claimPaths: { clientId } }: ClaimPolicy): void {
  const value = claimAt(claims, clientId);
  if (value === undefined) throw missing(clientId.join('.'));
  if (typeof value !== 'string' || value === '') throw invalid(clientId.join('.'), 'text');
}

function requireText(claims: UncheckedClaims, name: string): void {
  const value = claims[name];
  if (value === undefined) throw missing(name);
  if (typeof value !== 'string' || value === '') throw invalid(name, 'text');
}

function timeOf(claims: UncheckedClaims, name: string): number | undefined {
  const value = claims[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value)) throw invalid(name, 'a number of seconds');
  return value;
}

/** The value at the end of a path, own members alone. */
export function claimAt(claims: UncheckedClaims, path: readonly string[]): unknown {
  let value: unknown = claims;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as UncheckedClaims)[name];
  }
  return value;
}

function missing(name: string): AccessTokenError {
  return new AccessTokenError('claim_missing', `The token has no ${name} claim.`);
}

export function invalid(name: string, right: string): AccessTokenError {
  return new AccessTokenError('claim_invalid', `The ${name} claim of the token is not ${right}.`);
}
