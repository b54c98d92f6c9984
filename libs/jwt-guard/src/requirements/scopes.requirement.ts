import type { AccessTokenClaims } from '../token/access-token-claims.js';
import { AccessTokenError } from '../token/access-token.error.js';

/** Every required scope must be in the `scope` claim, a list with single spaces (RFC 9068 §2.2.3, RFC 6749 §3.3). */
export function checkScopes(claims: AccessTokenClaims | undefined, requiredScopes: readonly string[]): void {
  if (!claims) throw new AccessTokenError('token_missing', 'An access token is needed, sent as Authorization: Bearer.');
  const granted = claims.scope?.split(' ') ?? [];
  if (requiredScopes.every((scope) => granted.includes(scope))) return;
  throw new AccessTokenError('scope_insufficient', `The token needs the scope ${requiredScopes.join(' ')}.`, {
    requiredScopes,
  });
}
