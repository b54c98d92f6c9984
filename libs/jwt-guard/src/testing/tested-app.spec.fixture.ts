import { Controller, Get, Injectable, Module, type DynamicModule, type INestApplication } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { TestingModule, TestingModuleBuilder } from '@nestjs/testing';
import { Test } from '@nestjs/testing';
import { AccessToken, ClientId, Subject } from '../guard/parameter.decorators.js';
import { JwtGuardModule } from '../jwt-guard.module.js';
import type { JwtGuardOptions } from '../options/jwt-guard.options.js';
import { Public } from '../requirements/public.decorator.js';
import { RequireAcr } from '../requirements/require-authentication.decorators.js';
import { RequireRoles } from '../requirements/require-roles.decorator.js';
import { RequireScopes } from '../requirements/require-scopes.decorator.js';
import type { AccessTokenClaims } from '../token/access-token-claims.js';

@Controller('orders')
class OrdersController {
  @Get()
  @RequireScopes('orders.read')
  list(@AccessToken() claims: AccessTokenClaims, @Subject() subject: string, @ClientId() client: string): object {
    return { subject, client, tenant: claims.tenant };
  }

  @Get('all')
  @RequireRoles('boss')
  all(): object {
    return { all: true };
  }

  @Get('secret')
  @RequireAcr('strong')
  secret(): object {
    return { secret: true };
  }

  @Get('open')
  @Public()
  open(): object {
    return { open: true };
  }
}

/** Where nobody listens: whoever is asked there has not been replaced. */
export const productionOptions: JwtGuardOptions = {
  issuer: 'https://id.invalid',
  audience: 'orders',
  claimNames: { roles: ['realm_access', 'roles'] },
  dpop: 'allowed',
};

@Injectable()
class Configuration {
  readonly guard = productionOptions;
}

@Module({ providers: [Configuration], exports: [Configuration] })
class ConfigurationModule {}

/** The two ways in which an application has its guard. */
export const guardModules: Readonly<Record<string, () => DynamicModule>> = {
  forRoot: () => JwtGuardModule.forRoot(productionOptions),
  forRootAsync: () =>
    JwtGuardModule.forRootAsync({
      imports: [ConfigurationModule],
      inject: [Configuration],
      useFactory: (configuration: Configuration) => Promise.resolve(configuration.guard),
    }),
};

/** An application as a team has it, in a testing module in which nothing is replaced yet. */
export function testedApp(guardModule: DynamicModule = guardModules.forRoot!()): TestingModuleBuilder {
  @Module({ imports: [guardModule], controllers: [OrdersController] })
  class AppModule {}
  return Test.createTestingModule({ imports: [AppModule] });
}

/** The application, listening on a free port. */
export class ListeningApp {
  private constructor(
    readonly app: INestApplication,
    readonly url: string,
  ) {}

  static async of(module: TestingModule): Promise<ListeningApp> {
    const app: INestApplication = module.createNestApplication(new FastifyAdapter(), { logger: false });
    await app.listen(0, '127.0.0.1');
    return new ListeningApp(app, await app.getUrl());
  }

  async status(path: string, headers: Record<string, string> = {}): Promise<number> {
    return (await this.get(path, headers)).status;
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, { headers });
  }

  close(): Promise<void> {
    return this.app.close();
  }
}
