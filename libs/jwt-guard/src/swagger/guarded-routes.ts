import type { CanActivate, INestApplication, Type } from '@nestjs/common';
import { ModulesContainer, type ApplicationConfig } from '@nestjs/core';
import { DECORATORS } from '@nestjs/swagger';
import { isOneOf, StandingGuards, type Route } from '../guard-check/standing-guards.js';
import { JwtGuard } from '../guard/jwt.guard.js';
import { RequirementsGuard } from '../guard/requirements.guard.js';

/** Which routes need a token: those behind one of the guards that ask for one, be it global or put on a class or method. */
export class GuardedRoutes {
  private readonly tokenGuards: readonly Type<CanActivate>[];
  private readonly standing: StandingGuards;

  /** `others`: guards beside ours that verify tokens. */
  constructor(app: INestApplication, others: readonly Type<CanActivate>[]) {
    this.tokenGuards = [JwtGuard, RequirementsGuard, ...others];
    // As @nestjs/swagger itself reads prefix and versions: there is no other way to them.
    const { config } = app as unknown as { config: ApplicationConfig };
    this.standing = new StandingGuards(config, app.get(ModulesContainer, { strict: false }));
  }

  has(route: Route): boolean {
    // A webhook is a request that the application sends, and no route of it.
    if (Reflect.hasMetadata(DECORATORS.API_WEBHOOK, route.handler)) return false;
    return this.standing.before(route).some((guard) => isOneOf(guard, this.tokenGuards));
  }
}
