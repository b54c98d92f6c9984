import type { CanActivate, Type } from '@nestjs/common';
import {
  GUARDS_METADATA,
  PARAMTYPES_METADATA,
  PROPERTY_DEPS_METADATA,
  SELF_DECLARED_DEPS_METADATA,
} from '@nestjs/common/constants.js';
import type { ApplicationConfig, ModulesContainer } from '@nestjs/core';

/** Which method of which class answers. A method may be inherited: one alone does not tell the route. */
export interface Route {
  readonly controller: Type<object>;
  readonly handler: (...given: never[]) => unknown;
}

/** A guard, as far as it is known before it runs. */
export interface StandingGuard {
  /** Absent where it is no class and no instance of one. */
  readonly type: Type<CanActivate> | undefined;
  /** What it was made from: the tokens that are injected into it, and the members of an instance. */
  readonly given: readonly unknown[];
}

type Provider = NonNullable<ReturnType<ModulesContainer['get']>>['providers'] extends Map<unknown, infer P> ? P : never;

/** The guards that stand before a handler: global ones of either kind (APP_GUARD, useGlobalGuards()), those of its class, its own. */
export class StandingGuards {
  private readonly everywhere: readonly StandingGuard[];

  constructor(config: ApplicationConfig, modules: ModulesContainer) {
    // An alias tells which guard was meant also where a test has put something else in its place.
    const provided = [...modules.values()]
      .flatMap(({ providers }) => [...providers.values()])
      .filter(({ subtype }) => subtype === 'guard');
    const instances = new Set<unknown>(provided.map(({ instance }): unknown => instance));
    this.everywhere = [
      ...[...provided, ...config.getGlobalRequestGuards()].map(providedGuard),
      ...config
        .getGlobalGuards()
        .filter((guard) => !instances.has(guard))
        .map(describedGuard),
    ];
  }

  before({ controller, handler }: Route): readonly StandingGuard[] {
    return [...this.everywhere, ...guardsOf(controller), ...guardsOf(handler)];
  }
}

/** Whether it is one of these classes or extends one, as mixins do. */
export function isOneOf({ type }: StandingGuard, classes: readonly Type<CanActivate>[]): boolean {
  return type !== undefined && classes.some((known) => type === known || type.prototype instanceof known);
}

function guardsOf(target: object): StandingGuard[] {
  const guards = Reflect.getMetadata(GUARDS_METADATA, target) as (CanActivate | Type<CanActivate>)[] | undefined;
  return (guards ?? []).map(describedGuard);
}

function providedGuard({ isAlias, inject, metatype, instance }: Provider): StandingGuard {
  const injected: readonly unknown[] = inject ?? [];
  if (isAlias) return { type: classIn(injected[0]), given: injected };
  // The metatype of a factory is the factory: its class is that of what it has made.
  if (inject === null || inject === undefined) {
    if (typeof metatype === 'function') return describedGuard(metatype as Type<CanActivate>);
    return describedGuard(instance as CanActivate);
  }
  const made = typeof instance === 'object' && instance !== null ? describedGuard(instance as CanActivate) : undefined;
  return { type: made?.type, given: [...injected, ...(made?.given ?? [])] };
}

function describedGuard(guard: CanActivate | Type<CanActivate>): StandingGuard {
  if (typeof guard === 'function') return { type: guard, given: injectedInto(guard) };
  const made = guard.constructor as Type<CanActivate> | undefined;
  const type = (made as unknown) === Object ? undefined : made;
  return { type, given: [...(type ? injectedInto(type) : []), ...(Object.values(guard) as unknown[])] };
}

function injectedInto(type: Type<CanActivate>): unknown[] {
  const listOf = (key: string): unknown[] => (Reflect.getMetadata(key, type) as unknown[] | undefined) ?? [];
  const declared = [...listOf(SELF_DECLARED_DEPS_METADATA), ...listOf(PROPERTY_DEPS_METADATA)];
  const tokens = (declared as { param?: unknown; type?: unknown }[]).map(({ param, type: token }) => param ?? token);
  return [...listOf(PARAMTYPES_METADATA), ...tokens].map(unwrapped);
}

/** `forwardRef(() => Class)`. */
function unwrapped(token: unknown): unknown {
  const forward = (token as { forwardRef?: () => unknown } | undefined)?.forwardRef;
  return typeof forward === 'function' ? forward() : token;
}

function classIn(token: unknown): Type<CanActivate> | undefined {
  return typeof token === 'function' ? (token as Type<CanActivate>) : undefined;
}
