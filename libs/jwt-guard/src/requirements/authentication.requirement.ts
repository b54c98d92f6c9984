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
      const isRecent = maxAge === undefined || (typeof signedInAt === 'number' && now - signedInAt <= maxAge);
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
