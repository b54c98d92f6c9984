import type { Type } from '@nestjs/common';
import { MetadataScanner, type ModulesContainer } from '@nestjs/core';
import { namesOf } from '../requirements/requirement.js';
import type { RouteAccessReader } from '../requirements/route-access.js';

/** Every scope that a handler of the application asks for by `@RequireScopes()`: those of controllers, and of resolvers and gateways, which are providers. */
export function collectScopes(modules: ModulesContainer, routes: RouteAccessReader): string[] {
  const found = new Set<string>();
  for (const { controllers, providers } of modules.values()) {
    for (const { metatype } of [...controllers.values(), ...providers.values()]) {
      for (const scope of scopesOf(metatype as Type<object> | undefined | null, routes)) found.add(scope);
    }
  }
  return [...found].sort();
}

function scopesOf(owner: Type<object> | undefined | null, routes: RouteAccessReader): string[] {
  const prototype = owner?.prototype as Record<string, () => unknown> | undefined;
  if (!owner || !prototype) return [];
  const handlers = new MetadataScanner()
    .getAllMethodNames(prototype)
    .map((name) => prototype[name]!)
    // A handler is a method with a decorator: what a class asks for does not concern its other methods.
    .filter((method) => Reflect.getMetadataKeys(method).length > 0);
  return handlers.flatMap((handler) => {
    const { scopes } = routes.of({ getHandler: () => handler, getClass: <T>() => owner as Type<T> }).wants;
    return scopes ? namesOf(scopes) : [];
  });
}
