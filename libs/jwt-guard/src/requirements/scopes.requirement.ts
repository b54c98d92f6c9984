import { AccessTokenError } from '../token/access-token.error.js';
import { isMet, namesOf, type AllOrAny, type Requirement } from './requirement.js';

/** Scopes that the token must have been granted (RFC 6750 §3.1 insufficient_scope). */
export function scopesRequirement(wanted: AllOrAny): Requirement {
  const scopes = namesOf(wanted);
  const words = 'all' in wanted ? `the scope ${scopes.join(' ')}` : `one of the scopes ${scopes.join(', ')}`;
  return {
    scopes,
    check({ scopes: granted }) {
      if (isMet(wanted, granted)) return;
      throw new AccessTokenError('scope_insufficient', `The token needs ${words}.`, {
        requiredScopes: scopes,
      });
    },
  };
}
