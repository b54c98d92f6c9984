import { SetMetadata } from '@nestjs/common';
import type { AccessTokenClaims } from '../token/access-token-claims.js';
import type { ClaimsWanted } from './claims.requirement.js';
import { requiredClaimsKey } from './route-access.js';

/**
 * The claims must be what the predicate says, `@RequireClaims((claims) => claims.tenant === 'a')`, or have these values,
 * `@RequireClaims({ tenant: ['a', 'b'], verified: true })` (true: the claim is there and not false); else the answer is 403.
 * With claims of one's own: `@RequireClaims<MyClaims>(({ groups }) => groups.includes('staff'))`. On a method it replaces what its class says about claims.
 */
export function RequireClaims<Claims extends AccessTokenClaims = AccessTokenClaims>(
  wanted: ClaimsWanted<Claims>,
): MethodDecorator & ClassDecorator {
  const isGood =
    typeof wanted === 'function' || (typeof wanted === 'object' && wanted !== null && Object.keys(wanted).length > 0);
  if (!isGood) {
    throw new TypeError(
      `@RequireClaims() was given ${JSON.stringify(wanted)}; give a predicate over the claims, or an object such as { tenant: 'a' }.`,
    );
  }
  return SetMetadata(requiredClaimsKey, wanted);
}
