import { AccessTokenError } from '../token/access-token.error.js';
import { isMet, namesOf, type AllOrAny, type Requirement } from './requirement.js';

/**
 * Roles that the person or client must have. Which ones is not said to the caller: a client cannot ask for roles as it can for scopes.
 * The log learns it by the cause: most often the roles are in another claim than the one that is read.
 */
export function rolesRequirement(wanted: AllOrAny): Requirement {
  const words = `${'all' in wanted ? 'all' : 'one'} of [${namesOf(wanted).join(', ')}]`;
  return {
    check({ roles }) {
      if (isMet(wanted, roles)) return;
      const cause = new Error(`needed: ${words}; the token has [${roles.join(', ')}]`);
      throw new AccessTokenError('role_insufficient', 'The token does not carry the role that is needed.', { cause });
    },
  };
}
