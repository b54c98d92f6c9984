import { Injectable, Logger, type CanActivate, type OnApplicationBootstrap, type Type } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import {
  ApplicationConfig,
  HttpAdapterHost,
  MetadataScanner,
  ModuleRef,
  ModulesContainer,
  Reflector,
} from '@nestjs/core';
import { JwtGuard } from '../guard/jwt.guard.js';
import { RequestAuthenticator } from '../guard/request-authenticator.js';
import { RequirementsGuard } from '../guard/requirements.guard.js';
import { JwtGuardOptionsError } from '../options/guard-settings.js';
import { RouteAccessReader } from '../requirements/route-access.js';
import { isOneOf, StandingGuards, type Route, type StandingGuard } from './standing-guards.js';

/** What makes a method a handler of HTTP, gateways, microservices or GraphQL. */
const handlerKeys = [PATH_METADATA, 'websockets:message_mapping', 'microservices:pattern', 'graphql:resolver_type'];

const guards: readonly Type<CanActivate>[] = [JwtGuard, RequirementsGuard];
const enforcers: readonly Type<object>[] = [...guards, RequestAuthenticator];

/**
 * Keeps an application from starting in which `@RequireScopes()` or its like stands on a handler and nothing enforces it: decorators do
 * nothing by themselves, and such a handler would be open to everybody.
 */
@Injectable()
export class UnguardedRoutes implements OnApplicationBootstrap {
  private readonly accesses: RouteAccessReader;

  constructor(
    private readonly config: ApplicationConfig,
    private readonly modules: ModulesContainer,
    private readonly adapterHost: HttpAdapterHost,
    reflector: Reflector,
  ) {
    this.accesses = new RouteAccessReader(reflector);
  }

  /** Not sooner: until now the application may have called useGlobalGuards(). */
  onApplicationBootstrap(): void {
    const standing = new StandingGuards(this.config, this.modules);
    const open = this.demandingRoutes()
      .map((route) => ({ name: nameOf(route), before: standing.before(route) }))
      .filter(({ before }) => !before.some(enforces));
    // Without HTTP (a script that uses the modules of the API) the guards of the API need not be there.
    const serves = (this.adapterHost.httpAdapter as unknown) !== undefined && this.adapterHost.httpAdapter !== null;
    const [doubtful, certain] = [true, false].map((wanted) =>
      open.filter(({ before }) => (!serves || before.some(isUnknown)) === wanted).map(({ name }) => name),
    ) as [string[], string[]];
    if (certain.length > 0) throw new JwtGuardOptionsError([faultOf(certain, 'no guard that enforces it')]);
    if (doubtful.length > 0) new Logger('JwtGuard').warn(faultOf(doubtful, 'no guard that is known to enforce it'));
  }

  private demandingRoutes(): Route[] {
    const all = [...this.modules.values()].flatMap(({ controllers, providers }) => [
      ...controllers.values(),
      ...providers.values(),
    ]);
    const owners = new Set(all.map(({ metatype }) => metatype as Type<object> | undefined | null));
    return [...owners].flatMap((owner) => (owner ? routesOf(owner) : [])).filter((route) => this.demands(route));
  }

  private demands({ controller, handler }: Route): boolean {
    const access = this.accesses.of({ getHandler: () => handler, getClass: <T>() => controller as Type<T> });
    return access.requirements.length > 0;
  }
}

function routesOf(controller: Type<object>): Route[] {
  const prototype = controller.prototype as Record<string, Route['handler']> | undefined;
  if (!prototype) return [];
  return new MetadataScanner()
    .getAllMethodNames(prototype)
    .map((name) => prototype[name]!)
    .filter((method) => handlerKeys.some((key) => Reflect.hasMetadata(key, method)))
    .map((handler) => ({ controller, handler }));
}

/** One of ours, or one that is given one of ours to ask. */
function enforces(guard: StandingGuard): boolean {
  return isOneOf(guard, guards) || guard.given.some(isEnforcer);
}

function isEnforcer(given: unknown): boolean {
  return enforcers.some(
    (known) => given === known || given instanceof known || (given as Type | undefined)?.prototype instanceof known,
  );
}

/** Whether it may ask ours in a way that cannot be seen. */
function isUnknown({ type, given }: StandingGuard): boolean {
  return type === undefined || given.some((one) => one === ModuleRef || one instanceof ModuleRef);
}

function nameOf({ controller, handler }: Route): string {
  return `${controller.name}.${handler.name}()`;
}

function faultOf(handlers: readonly string[], lack: string): string {
  return `@RequireScopes() or its like stands on ${handlers.join(', ')}, and ${lack} stands before: they would be open to everybody. Leave out \`global: false\`, or put @UseGuards(JwtGuard) there; behind another guard that verifies tokens, @UseGuards(AuthGuard('tessera-jwt'), RequirementsGuard).`;
}
