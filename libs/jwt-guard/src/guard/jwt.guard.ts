import { ForbiddenException, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { HttpAdapterHost, Reflector } from '@nestjs/core';
import { AccessRefusedException } from './access-refused.exception.js';
import { BearerAuthenticator } from './bearer-authenticator.js';
import type { BearerRequest } from './bearer-request.js';
import { routeAccess } from './route-access.js';

/** Lets in requests with a good access token that has the scopes of the route, and sets `request.user` to its claims. */
@Injectable()
export class JwtGuard implements CanActivate {
  constructor(
    private readonly authenticator: BearerAuthenticator,
    private readonly reflector: Reflector,
    private readonly adapterHost: HttpAdapterHost,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = routeAccess(this.reflector, context);
    if (access.public) return true;
    // Where a token would be found in another kind of context is not known, and what is not known is denied.
    if (context.getType() !== 'http') {
      throw new ForbiddenException(
        `JwtGuard reads tokens from HTTP requests; '${context.getType()}' handlers are denied.`,
      );
    }
    const request = context.switchToHttp().getRequest<BearerRequest>();
    try {
      const claims = await this.authenticator.authenticate(request);
      this.authenticator.authorize(claims, access.scopes);
      request.user = claims;
      return true;
    } catch (error) {
      if (error instanceof AccessRefusedException) this.setHeaders(context, error);
      throw error;
    }
  }

  /** Set here and not in a filter: the challenge must reach the caller whatever filter the application puts in place. */
  private setHeaders(context: ExecutionContext, refusal: AccessRefusedException): void {
    const response: unknown = context.switchToHttp().getResponse();
    for (const [name, value] of Object.entries(refusal.headers)) {
      this.adapterHost.httpAdapter.setHeader(response, name, value);
    }
  }
}
