import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { AccessTokenClaims } from '../token/access-token-claims.js';
import { claimsOf } from './verified-claims.js';

/** Gives a handler the verified claims: `list(@AccessToken() token: AccessTokenClaims)`. */
export const AccessToken = createParamDecorator((_: unknown, context: ExecutionContext): AccessTokenClaims => {
  const claims = claimsOf(context.switchToHttp().getRequest<object>());
  if (claims) return claims;
  throw new Error(
    `@AccessToken() in ${context.getClass().name}.${context.getHandler().name}: no token was verified for this route. Is it @Public(), or without a guard?`,
  );
});
