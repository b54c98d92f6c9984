import { jest } from '@jest/globals';
import {
  Controller,
  Get,
  Inject,
  Injectable,
  Logger,
  Module,
  Scope,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
  type INestApplication,
  type Provider,
  type Type,
} from '@nestjs/common';
import { APP_GUARD, ModuleRef, NestFactory } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { JwtGuard } from '../guard/jwt.guard.js';
import { RequirementsGuard } from '../guard/requirements.guard.js';
import { JwtGuardModule } from '../jwt-guard.module.js';
import { Public } from '../requirements/public.decorator.js';
import { RequireRoles } from '../requirements/require-roles.decorator.js';
import { RequireScopes } from '../requirements/require-scopes.decorator.js';
import { signedInAs, TestIssuer } from '../testing/index.js';

@Controller('admin')
class AdminController {
  @Get('secrets')
  @RequireScopes('admin')
  secrets(): object {
    return {};
  }

  @Get('plain')
  plain(): object {
    return {};
  }
}

@Controller('all')
@RequireRoles('boss')
class BossController {
  @Get()
  list(): object {
    return {};
  }

  @Get('open')
  @Public()
  open(): object {
    return {};
  }
}

@Controller('public')
class PublicController {
  @Get()
  @Public()
  open(): object {
    return {};
  }
}

@Controller('method')
class MethodController {
  @Get()
  @UseGuards(JwtGuard)
  @RequireScopes('admin')
  guarded(): object {
    return {};
  }
}

@Controller('class')
@UseGuards(AuthGuard('tessera-jwt'), RequirementsGuard)
class ClassController {
  @Get()
  @RequireScopes('admin')
  guarded(): object {
    return {};
  }
}

@WebSocketGateway()
class Gateway {
  @SubscribeMessage('say')
  @RequireScopes('say')
  say(@MessageBody() word: string): string {
    return word;
  }
}

@Injectable()
class OwnGuard extends JwtGuard {}

/** A guard around ours. */
@Injectable()
class AroundGuard implements CanActivate {
  constructor(private readonly ours: JwtGuard) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    return this.ours.canActivate(context);
  }
}

@Injectable()
class InjectedGuard implements CanActivate {
  @Inject(JwtGuard) private readonly ours!: JwtGuard;

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    return this.ours.canActivate(context);
  }
}

@Injectable()
class LazyGuard implements CanActivate {
  constructor(private readonly modules: ModuleRef) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    return this.modules.get(JwtGuard, { strict: false }).canActivate(context);
  }
}

@Injectable({ scope: Scope.REQUEST })
class RequestGuard extends JwtGuard {}

function moduleOf(controllers: Type[], providers: Provider[] = [], global = false): Type {
  const guardModule = JwtGuardModule.forRoot({ ...new TestIssuer().guardOptions({ audience: 'api1' }), global });
  @Module({ imports: [guardModule], controllers, providers })
  class AppModule {}
  return AppModule;
}

async function start(
  module: Type,
  prepare: (app: INestApplication) => void = () => undefined,
): Promise<INestApplication> {
  const app = await NestFactory.create(module, new FastifyAdapter(), { logger: false, abortOnError: false });
  prepare(app);
  await app.init();
  return app;
}

describe('An application in which nothing enforces @RequireScopes()', () => {
  it('does not start, and says which handlers and what to do', async () => {
    const started = start(moduleOf([AdminController, BossController, PublicController], [Gateway]));
    await expect(started).rejects.toMatchObject({ name: 'JwtGuardOptionsError' });
    const { message } = (await started.catch((error: Error) => error)) as Error;
    expect(message).toContain('AdminController.secrets(), BossController.list(), Gateway.say()');
    expect(message).toContain('@UseGuards(JwtGuard)');
    expect(message).not.toMatch(/plain|open\(\)/);
  });

  it('does not start with a guard that verifies tokens alone', async () => {
    const passport = { provide: APP_GUARD, useClass: AuthGuard('tessera-jwt') };
    await expect(start(moduleOf([AdminController], [passport]))).rejects.toThrow(/AdminController\.secrets/);
  });
});

describe('An application starts', () => {
  const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
  afterEach(() => warn.mockClear());
  afterAll(() => warn.mockRestore());

  it.each<[string, Provider]>([
    ['useClass', { provide: APP_GUARD, useClass: JwtGuard }],
    ['useClass of a subclass', { provide: APP_GUARD, useClass: OwnGuard }],
    ['useClass of request scope', { provide: APP_GUARD, useClass: RequestGuard }],
    ['useExisting', { provide: APP_GUARD, useExisting: RequirementsGuard }],
    ['useFactory', { provide: APP_GUARD, inject: [JwtGuard], useFactory: (guard: JwtGuard): CanActivate => guard }],
    [
      'useFactory of request scope',
      { provide: APP_GUARD, scope: Scope.REQUEST, inject: [JwtGuard], useFactory: (guard: JwtGuard) => guard },
    ],
    ['a guard around ours', { provide: APP_GUARD, useClass: AroundGuard }],
    ['a guard with ours as a property', { provide: APP_GUARD, useClass: InjectedGuard }],
  ])('with a global guard by %s', async (_, provider) => {
    await (await start(moduleOf([AdminController], [provider]))).close();
    expect(warn).not.toHaveBeenCalled();
  });

  it('with a guard on the class or method, by useGlobalGuards(), or that of the module', async () => {
    await (await start(moduleOf([MethodController, ClassController, PublicController]))).close();
    await (await start(moduleOf([AdminController]), (app) => app.useGlobalGuards(app.get(JwtGuard)))).close();
    await (await start(moduleOf([AdminController, BossController], [Gateway], true))).close();
    expect(warn).not.toHaveBeenCalled();
  });

  it('when a test has replaced the guard', async () => {
    const module = moduleOf([AdminController, MethodController], [], true);
    const open = { canActivate: () => true };
    const builders = [
      signedInAs(Test.createTestingModule({ imports: [module] }), { sub: 'alice' }),
      Test.createTestingModule({ imports: [module] })
        .overrideProvider(JwtGuard)
        .useValue(open),
      Test.createTestingModule({ imports: [module] })
        .overrideGuard(JwtGuard)
        .useValue(open),
    ];
    for (const builder of builders) {
      const app = (await builder.compile()).createNestApplication(new FastifyAdapter(), { logger: false });
      await app.init();
      await app.close();
    }
    expect(warn).not.toHaveBeenCalled();
  });

  it.each<[string, Provider]>([
    ['is no class', { provide: APP_GUARD, useValue: { canActivate: () => true } }],
    ['may fetch ours when it runs', { provide: APP_GUARD, useClass: LazyGuard }],
  ])('with a warning where a guard %s: whether it enforces them cannot be told', async (_, provider) => {
    await (await start(moduleOf([AdminController], [provider]))).close();
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('AdminController.secrets()'));
  });

  it('with a warning where nothing is served over HTTP', async () => {
    const context = await NestFactory.createApplicationContext(moduleOf([AdminController]), {
      logger: false,
      abortOnError: false,
    });
    await context.close();
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('AdminController.secrets()'));
  });
});
