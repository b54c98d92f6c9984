import { ForbiddenException, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { carrierOf } from '../contexts/calls.js';
import { RouteAccessReader } from '../requirements/route-access.js';
import { RequestAuthenticator } from './request-authenticator.js';
import { accessOfCarrier } from './verified-requests.js';

/**
 * Enforces `@RequireScopes()` and its like behind another guard that verified the token:
 * `@UseGuards(AuthGuard('tessera-jwt'), RequirementsGuard)`. JwtGuard does this itself.
 */
@Injectable()
export class RequirementsGuard implements CanActivate {
  private readonly routes: RouteAccessReader;

  constructor(
    private readonly authenticator: RequestAuthenticator,
    reflector: Reflector,
  ) {
    this.routes = new RouteAccessReader(reflector);
  }

  canActivate(context: ExecutionContext): boolean {
    const { isPublic, isOptional, requirements } = this.routes.of(context);
    if (isPublic) return true;
    const carrier = carrierOf(context);
    if (!carrier) throw new ForbiddenException(`No token is known in a '${context.getType()}' handler.`);
    if (isOptional) return true;
    this.authenticator.authorize(accessOfCarrier(carrier), requirements);
    return true;
  }
}
