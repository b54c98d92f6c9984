import { issuerRanges } from '../options/issuer-rules.js';
import { AccessTokenError } from '../token/access-token.error.js';
import type { Requirement } from './requirement.js';

/** How the person must have signed in (RFC 9470). */
export interface AuthenticationWanted {
  /** The `acr` must be one of these, the best first. */
  readonly acrValues: readonly string[] | undefined;
  /** Seconds since the sign-in (`auth_time`) at most. */
  readonly maxAge: number | undefined;
}

export function authenticationRequirement({ acrValues, maxAge }: AuthenticationWanted): Requirement {
  return {
    check({ claims: { acr, auth_time: signedInAt } }, now) {
      const isStrong = acrValues === undefined || (typeof acr === 'string' && acrValues.includes(acr));
      const isRecent = maxAge === undefined || (typeof signedInAt === 'number' && isWithin(maxAge, now - signedInAt));
      if (isStrong && isRecent) return;
      // RFC 9470 §3: everything that is needed is said at once, so that one more sign-in is enough.
      throw new AccessTokenError(
        'authentication_insufficient',
        isStrong ? 'A more recent sign-in is needed.' : 'Another way of signing in is needed.',
        { ...(acrValues && { acrValues }), ...(maxAge !== undefined && { maxAge }) },
      );
    },
  };
}

/** A sign-in that is still to come by more than clocks differ is none: an `auth_time` in milliseconds would be recent for ever. */
function isWithin(maxAge: number, age: number): boolean {
  return age <= maxAge && age >= -issuerRanges.clockTolerance.most;
}
