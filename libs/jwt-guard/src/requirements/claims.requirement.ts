import type { RequiredClaim } from '../options/jwt-guard.options.js';
import type { AccessTokenClaims } from '../token/access-token-claims.js';
import { AccessTokenError } from '../token/access-token.error.js';
import { fulfils, isTrue } from '../token/check-claims.js';
import type { Requirement } from './requirement.js';

/** What `@RequireClaims()` takes: a predicate over all claims, or for each claim what it must be. */
export type ClaimsWanted<Claims extends AccessTokenClaims = AccessTokenClaims> =
  ((claims: Claims) => boolean) | Readonly<Record<string, RequiredClaim>>;

export function claimsRequirement(wanted: ClaimsWanted): Requirement {
  const isFulfilled =
    typeof wanted === 'function'
      ? (claims: AccessTokenClaims) => isTrue(wanted(claims))
      : (claims: AccessTokenClaims) =>
          Object.entries(wanted).every(([name, required]) => fulfils(claims[name], required, claims));
  return {
    check({ claims }) {
      if (!isFulfilled(claims))
        throw new AccessTokenError('claims_insufficient', 'The claims of the token do not suffice for this.');
    },
  };
}
