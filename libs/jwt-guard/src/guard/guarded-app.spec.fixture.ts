import {
  Controller,
  Get,
  Post,
  Req,
  UseGuards,
  type DynamicModule,
  type INestApplication,
  type Type,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { JwtGuardModule } from '../jwt-guard.module.js';
import { LoopbackIssuer } from '../loopback-issuer.spec.fixture.js';
import type { AccessTokenClaims } from '../token/access-token-claims.js';
import { AccessToken } from './parameter.decorators.js';
import { JwtGuard } from './jwt.guard.js';
import { Public } from '../requirements/public.decorator.js';
import { RequireScopes } from '../requirements/require-scopes.decorator.js';

@Controller('things')
export class ThingsController {
  @Get()
  list(@AccessToken() token: AccessTokenClaims, @Req() request: { user: unknown }): object {
    return { subject: token.sub, user: request.user === token, frozen: Object.isFrozen(request.user) };
  }

  @Get('open')
  @Public()
  open(): object {
    return { open: true };
  }

  @Get('open-but-curious')
  @Public()
  curious(@AccessToken() token: AccessTokenClaims): object {
    return token;
  }

  @Post()
  @RequireScopes('api1', 'orders')
  create(): object {
    return { created: true };
  }

  @Get('write')
  @RequireScopes('api1', 'things.write')
  write(): object {
    return { written: true };
  }

  @Get('both')
  @Public()
  @RequireScopes('things.write')
  both(): object {
    return { both: true };
  }
}

@Controller('admin')
@RequireScopes('admin')
class AdminController {
  @Get()
  classScopes(): object {
    return { ok: true };
  }

  @Get('orders')
  @RequireScopes('orders')
  methodWins(): object {
    return { ok: true };
  }

  @Get('open')
  @Public()
  opened(): object {
    return { ok: true };
  }
}

@Controller('lobby')
@Public()
class LobbyController {
  @Get()
  open(): object {
    return { ok: true };
  }

  @Get('back')
  @RequireScopes('orders')
  back(): object {
    return { ok: true };
  }
}

@Controller('per-route')
export class PerRouteController {
  @Get('guarded')
  @UseGuards(JwtGuard)
  guarded(): object {
    return { ok: true };
  }

  @Get('bare')
  bare(): object {
    return { ok: true };
  }
}

const everyController = [ThingsController, AdminController, LobbyController, PerRouteController];
/** Room for headers that are longer than the guard's own limit. */
const adapters = {
  Fastify: () => new FastifyAdapter({ http: { maxHeaderSize: 65_536 } }),
  Express: () => new ExpressAdapter(),
};

export type Adapter = keyof typeof adapters;

/** An application of these controllers behind the guard, listening on a free port. */
export async function listen(adapter: Adapter, guardModule: DynamicModule, controllers: Type[] = everyController) {
  class AppModule {}
  const appModule = { module: AppModule as Type, imports: [guardModule], controllers };
  const app: INestApplication = await NestFactory.create(appModule, adapters[adapter](), {
    logger: false,
    abortOnError: false,
  });
  await app.listen(0, '127.0.0.1');
  return { app, url: (await app.getUrl()).replace('[::1]', '127.0.0.1') };
}

/** For a `describe`: the app above behind a guard that trusts an issuer of its own. */
export class GuardedApp {
  issuer!: LoopbackIssuer;
  app!: INestApplication;
  url!: string;

  constructor(adapter: Adapter) {
    beforeAll(async () => {
      this.issuer = await LoopbackIssuer.start();
      const guard = JwtGuardModule.forRoot({ issuer: this.issuer.url, audience: 'api1' });
      ({ app: this.app, url: this.url } = await listen(adapter, guard));
    });
    afterAll(async () => {
      await this.app.close();
      await this.issuer.close();
    });
  }

  call(path: string, token?: string, init: RequestInit = {}): Promise<Response> {
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return fetch(`${this.url}${path}`, { ...init, headers });
  }
}
