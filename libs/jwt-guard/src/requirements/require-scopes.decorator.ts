import { SetMetadata } from '@nestjs/common';
import { readNames, type NamesGiven } from './requirement.js';
import { requiredScopesKey } from './route-access.js';

/** scope-token of RFC 6749 §3.3. */
const scopeToken = /^[\x21\x23-\x5B\x5D-\x7E]+$/;

/**
 * The token must have been granted all of these scopes, or with `{ any: [...] }` one of them, else the answer is 403
 * `insufficient_scope`. On a method it replaces what its class says about scopes.
 */
export function RequireScopes(...scopes: NamesGiven): MethodDecorator & ClassDecorator {
  return SetMetadata(
    requiredScopesKey,
    readNames('RequireScopes', scopes, (scope) => scopeToken.test(scope)),
  );
}
