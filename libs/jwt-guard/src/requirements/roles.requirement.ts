import { AccessTokenError } from '../token/access-token.error.js';
import { isMet, type AllOrAny, type Requirement } from './requirement.js';

/** Roles that the person or client must have. Which ones is not said to the caller: a client cannot ask for roles as it can for scopes. */
export function rolesRequirement(wanted: AllOrAny): Requirement {
  return {
    check({ roles }) {
      if (!isMet(wanted, roles))
        throw new AccessTokenError('role_insufficient', 'The token does not carry the role that is needed.');
    },
  };
}
