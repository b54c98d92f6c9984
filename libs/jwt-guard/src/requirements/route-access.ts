import type { ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';

/** Metadata keys; text, so that two copies of the package in one application understand each other. */
export const publicKey = 'tessera:public';
export const requiredScopesKey = 'tessera:required-scopes';

/** What a route asks of its caller. */
export interface RouteAccess {
  readonly public: boolean;
  readonly scopes: readonly string[];
}

/**
 * The method wins over its class; what says nothing asks for a token without any particular scope.
 * On one and the same target the stricter word counts: `@Public()` beside `@RequireScopes()` opens nothing.
 */
export function routeAccess(reflector: Reflector, context: ExecutionContext): RouteAccess {
  for (const target of [context.getHandler(), context.getClass()]) {
    const scopes = reflector.get<readonly string[] | undefined>(requiredScopesKey, target);
    if (scopes) return { public: false, scopes };
    if (reflector.get<boolean | undefined>(publicKey, target)) return { public: true, scopes: [] };
  }
  return { public: false, scopes: [] };
}
