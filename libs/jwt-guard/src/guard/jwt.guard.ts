import { ForbiddenException, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { HttpAdapterHost, Reflector } from '@nestjs/core';
import { AccessRefusedException } from '../answers/access-refused.exception.js';
import { refusalIn } from '../answers/refusal-in-context.js';
import type { Call } from '../contexts/call.js';
import { Calls } from '../contexts/calls.js';
import { GuardSettings } from '../options/guard-settings.js';
import { RouteAccessReader } from '../requirements/route-access.js';
import type { VerifiedAccess } from '../token/verified-access.js';
import { RequestAuthenticator } from './request-authenticator.js';
import { rememberAccess, rememberAnonymous } from './verified-requests.js';

/** Lets in calls with a good access token that fulfils what the route asks for, and sets `request.user` to its claims. */
@Injectable()
export class JwtGuard implements CanActivate {
  private readonly routes: RouteAccessReader;
  private readonly calls: Calls;

  constructor(
    private readonly authenticator: RequestAuthenticator,
    reflector: Reflector,
    private readonly adapterHost: HttpAdapterHost,
    settings: GuardSettings,
  ) {
    this.routes = new RouteAccessReader(reflector);
    this.calls = new Calls(settings.callReaders);
  }

  /** At once, without a promise, for a token that was verified before. */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const { isPublic, isOptional, requirements } = this.routes.of(context);
    if (isPublic) return true;
    const call = this.calls.of(context);
    // Where a token would be found in another kind of context is not known, and what is not known is denied.
    if (!call) {
      throw new ForbiddenException(`JwtGuard does not know how to read a token in a '${context.getType()}' handler.`);
    }
    if (isOptional && !this.authenticator.bringsToken(call.request)) {
      rememberAnonymous(call.carrier);
      return true;
    }
    try {
      const access = this.authenticator.authenticateAtOnce(call.request, requirements);
      if (!(access instanceof Promise)) return this.letIn(call, access);
      return access.then(
        (verified) => this.letIn(call, verified),
        (error: unknown) => this.refuse(context, call, error),
      );
    } catch (error) {
      return this.refuse(context, call, error);
    }
  }

  private letIn(call: Call, access: VerifiedAccess): boolean {
    rememberAccess(call.carrier, access);
    (call.carrier as { user?: unknown }).user = access.claims;
    this.setHeaders(call, this.authenticator.headersFor(call.request));
    return true;
  }

  private async refuse(context: ExecutionContext, call: Call, error: unknown): Promise<never> {
    if (!(error instanceof AccessRefusedException)) throw error;
    this.setHeaders(call, { ...this.authenticator.headersFor(call.request), ...error.headers });
    throw await refusalIn(context, error);
  }

  /** Set here and not in a filter: the challenge must reach the caller whatever filter the application puts in place. */
  private setHeaders({ response }: Call, headers: Readonly<Record<string, string>> | undefined): void {
    if (response === undefined || headers === undefined) return;
    for (const [name, value] of Object.entries(headers)) {
      this.adapterHost.httpAdapter.setHeader(response, name, value);
    }
  }
}
