import type { CanActivate, INestApplication, Type } from '@nestjs/common';
import { GUARDS_METADATA } from '@nestjs/common/constants.js';
import type { ApplicationConfig } from '@nestjs/core';
import { JwtGuard } from '../guard/jwt.guard.js';
import { RequirementsGuard } from '../guard/requirements.guard.js';
import { DECORATORS } from '@nestjs/swagger';
import type { Route } from './marked-routes.js';

type Guard = CanActivate | Type<CanActivate>;

/** Which routes need a token: those behind one of the guards that ask for one, be it global or put on a class or method. */
export class GuardedRoutes {
  private readonly tokenGuards: readonly Type<CanActivate>[];
  private readonly isGlobal: boolean;

  /** `others`: guards beside ours that verify tokens. */
  constructor(app: INestApplication, others: readonly Type<CanActivate>[]) {
    this.tokenGuards = [JwtGuard, RequirementsGuard, ...others];
    // As @nestjs/swagger itself reads prefix and versions: there is no other way to them.
    const { config } = app as unknown as { config: ApplicationConfig };
    this.isGlobal = config.getGlobalGuards().some((guard) => this.asksForToken(guard));
  }

  has({ controller, handler }: Route): boolean {
    // A webhook is a request that the application sends, and no route of it.
    if (Reflect.hasMetadata(DECORATORS.API_WEBHOOK, handler)) return false;
    return (
      this.isGlobal ||
      [controller, handler].some((target) => this.guardsOf(target).some((guard) => this.asksForToken(guard)))
    );
  }

  private guardsOf(target: object): readonly Guard[] {
    return (Reflect.getMetadata(GUARDS_METADATA, target) as readonly Guard[] | undefined) ?? [];
  }

  private asksForToken(guard: Guard): boolean {
    return this.tokenGuards.some((known) =>
      typeof guard === 'function' ? guard === known || guard.prototype instanceof known : guard instanceof known,
    );
  }
}
