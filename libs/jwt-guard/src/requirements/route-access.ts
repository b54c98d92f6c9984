import type { ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import { authenticationRequirement } from './authentication.requirement.js';
import { claimsRequirement, type ClaimsWanted } from './claims.requirement.js';
import type { AllOrAny, Requirement } from './requirement.js';
import { rolesRequirement } from './roles.requirement.js';
import { scopesRequirement } from './scopes.requirement.js';

/** Metadata keys; text, so that two copies of the package in one application understand each other. */
export const publicKey = 'tessera:public';
export const optionalKey = 'tessera:optional-access';
export const requiredScopesKey = 'tessera:required-scopes';
export const requiredRolesKey = 'tessera:required-roles';
export const requiredClaimsKey = 'tessera:required-claims';
export const requiredAcrKey = 'tessera:required-acr';
export const requiredMaxAgeKey = 'tessera:required-max-age';

const requirementKeys = [requiredScopesKey, requiredRolesKey, requiredClaimsKey, requiredAcrKey, requiredMaxAgeKey];

/** What the decorators of a route ask for, in their own words: for descriptions of the API. */
export interface RouteWants {
  readonly scopes?: AllOrAny | undefined;
  readonly roles?: AllOrAny | undefined;
  readonly claims?: ClaimsWanted | undefined;
  readonly acrValues?: readonly string[] | undefined;
  readonly maxAge?: number | undefined;
}

/** What a route asks of its caller. */
export interface RouteAccess {
  readonly isPublic: boolean;
  /** A token need not come; one that comes must be good. */
  readonly isOptional: boolean;
  readonly wants: RouteWants;
  readonly requirements: readonly Requirement[];
}

type Target = ReturnType<ExecutionContext['getHandler']> | ReturnType<ExecutionContext['getClass']>;

/** What each route asks, read from its decorators once. */
export class RouteAccessReader {
  private readonly known = new WeakMap<object, WeakMap<object, RouteAccess>>();

  constructor(private readonly reflector: Reflector) {}

  of(context: Pick<ExecutionContext, 'getHandler' | 'getClass'>): RouteAccess {
    const [handler, controller] = [context.getHandler(), context.getClass()];
    // A handler may be inherited: what it asks depends on the class that serves it.
    let ofClass = this.known.get(controller);
    if (!ofClass) this.known.set(controller, (ofClass = new WeakMap()));
    let access = ofClass.get(handler);
    if (!access) ofClass.set(handler, (access = this.read(handler, controller)));
    return access;
  }

  /**
   * The method wins over its class, for each kind of requirement by itself; what says nothing asks for a token and no more.
   * On one and the same target the stricter word counts: `@Public()` beside `@RequireScopes()` opens nothing.
   */
  private read(handler: Target, controller: Target): RouteAccess {
    const opened = this.openedBy([handler, controller]);
    if (opened)
      return { isPublic: opened === publicKey, isOptional: opened === optionalKey, wants: {}, requirements: [] };
    const wanted = <T>(key: string): T | undefined =>
      this.reflector.getAllAndOverride<T | undefined>(key, [handler, controller]);
    const wants: RouteWants = {
      scopes: wanted<AllOrAny>(requiredScopesKey),
      roles: wanted<AllOrAny>(requiredRolesKey),
      claims: wanted<ClaimsWanted>(requiredClaimsKey),
      acrValues: wanted<readonly string[]>(requiredAcrKey),
      maxAge: wanted<number>(requiredMaxAgeKey),
    };
    return { isPublic: false, isOptional: false, wants, requirements: requirementsOf(wants) };
  }

  /** Whoever speaks first decides: a method that asks for something is closed also in a public class. */
  private openedBy(targets: readonly Target[]): typeof publicKey | typeof optionalKey | undefined {
    for (const target of targets) {
      const says = (key: string): boolean => this.reflector.get<unknown>(key, target) !== undefined;
      if (requirementKeys.some(says)) return undefined;
      // Of the two the one that looks at tokens is the stricter.
      if (says(optionalKey)) return optionalKey;
      if (says(publicKey)) return publicKey;
    }
    return undefined;
  }
}

/** In the order in which a caller can do something about them: sign in again, ask for more scopes. */
function requirementsOf({ scopes, roles, claims, acrValues, maxAge }: RouteWants): Requirement[] {
  return [
    ...(acrValues || maxAge !== undefined ? [authenticationRequirement({ acrValues, maxAge })] : []),
    ...(scopes ? [scopesRequirement(scopes)] : []),
    ...(roles ? [rolesRequirement(roles)] : []),
    ...(claims ? [claimsRequirement(claims)] : []),
  ];
}
