import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { BearerAuthenticator } from './bearer-authenticator.js';
import { routeAccess } from './route-access.js';
import { claimsOf } from './verified-claims.js';

/**
 * Enforces `@RequireScopes()` behind another guard that verified the token: `@UseGuards(AuthGuard('tessera-jwt'), ScopesGuard)`.
 * JwtGuard does this itself.
 */
@Injectable()
export class ScopesGuard implements CanActivate {
  constructor(
    private readonly authenticator: BearerAuthenticator,
    private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const access = routeAccess(this.reflector, context);
    if (!access.public)
      this.authenticator.authorize(claimsOf(context.switchToHttp().getRequest<object>()), access.scopes);
    return true;
  }
}
