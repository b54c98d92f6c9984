import { SetMetadata } from '@nestjs/common';
import { requiredScopesKey } from './route-access.js';

/** scope-token of RFC 6749 §3.3. */
const scopeToken = /^[\x21\x23-\x5B\x5D-\x7E]+$/;

/**
 * The token must have been granted all of these scopes, else the answer is 403 `insufficient_scope`.
 * On a method it replaces what its class says.
 */
export function RequireScopes(...scopes: [string, ...string[]]): MethodDecorator & ClassDecorator {
  const faulty = scopes.find((scope) => !scopeToken.test(scope));
  if (scopes.length === 0 || faulty !== undefined) {
    throw new TypeError(
      `@RequireScopes() was given ${JSON.stringify(scopes)}; give one text for each scope, such as @RequireScopes('orders.read', 'orders.write').`,
    );
  }
  return SetMetadata(requiredScopesKey, Object.freeze([...scopes]));
}
