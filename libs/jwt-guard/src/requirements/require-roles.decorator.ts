import { SetMetadata } from '@nestjs/common';
import { readNames, type NamesGiven } from './requirement.js';
import { requiredRolesKey } from './route-access.js';

/**
 * The token must carry all of these roles, or with `{ any: [...] }` one of them, else the answer is 403. Which claim holds the
 * roles is said by `claimNames.roles`. On a method it replaces what its class says about roles.
 */
export function RequireRoles(...roles: NamesGiven): MethodDecorator & ClassDecorator {
  return SetMetadata(
    requiredRolesKey,
    readNames('RequireRoles', roles, (role) => role !== ''),
  );
}
