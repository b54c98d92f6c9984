import {
  Controller,
  Get,
  Injectable,
  Module,
  Req,
  UseGuards,
  type INestApplication,
  type ModuleMetadata,
  type Type,
} from '@nestjs/common';
import { APP_FILTER, NestFactory } from '@nestjs/core';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { curveKey } from '../decryption/api-keys.spec.fixture.js';
import { AccessToken } from '../guard/parameter.decorators.js';
import { RequireScopes } from '../requirements/require-scopes.decorator.js';
import { RequestAuthenticator } from '../guard/request-authenticator.js';
import { RequirementsGuard } from '../guard/requirements.guard.js';
import { JwtGuardModule } from '../jwt-guard.module.js';
import { LoopbackIssuer } from '../loopback-issuer.spec.fixture.js';
import { encryptedToken } from '../testing/encrypted-token.js';
import type { AccessTokenClaims } from '../token/access-token-claims.js';
import { AccessRefusedFilter, TesseraJwtStrategy, TesseraPassportModule } from './index.js';

/** Goes on without a user, as applications have it for routes that anybody may call. */
class OptionalGuard extends AuthGuard('tessera-jwt') {
  override handleRequest<User>(_: unknown, user: User): User {
    return user;
  }
}

/** Another way in, that of an application. */
class ApiKeys {
  declare success: (user: unknown) => void;
  declare fail: () => void;

  authenticate({ headers }: { headers: Record<string, unknown> }): void {
    if (headers['x-api-key'] === 'known') this.success({ name: 'machine' });
    else this.fail();
  }
}

@Injectable()
class ApiKeyStrategy extends PassportStrategy(ApiKeys, 'api-key') {
  validate(): void {
    // Passport's bridge for Nest wants one; the key says all.
  }
}

@Controller('things')
class ThingsController {
  @Get()
  @UseGuards(AuthGuard('tessera-jwt'))
  list(@Req() request: { user: AccessTokenClaims }, @AccessToken() token: AccessTokenClaims): object {
    return { user: request.user, subject: token.sub };
  }

  @Get('write')
  @UseGuards(AuthGuard('tessera-jwt'), RequirementsGuard)
  @RequireScopes('things.write')
  write(): object {
    return { ok: true };
  }

  @Get('optional')
  @UseGuards(OptionalGuard, RequirementsGuard)
  optional(): object {
    return { ok: true };
  }

  @Get('either')
  @UseGuards(AuthGuard(['api-key', 'tessera-jwt']))
  either(@Req() request: { user: object }): object {
    return request.user;
  }

  @Get('forgotten')
  @UseGuards(RequirementsGuard)
  forgotten(): object {
    return { ok: true };
  }
}

/** As an application on passport-jwt maps its payload to a user. */
@Injectable()
class OwnStrategy extends TesseraJwtStrategy {
  override validate(claims: AccessTokenClaims): unknown {
    return claims.sub === 'nobody' ? undefined : { name: claims.sub };
  }
}

@Injectable()
class Users {
  nameOf(subject: string): string {
    return `${subject} of the database`;
  }
}

@Module({ providers: [Users], exports: [Users] })
class UsersModule {}

/** Looks its people up, in a service that a module of the application has. */
@Injectable()
class StoredUsersStrategy extends TesseraJwtStrategy {
  constructor(
    authenticator: RequestAuthenticator,
    private readonly users: Users,
  ) {
    super(authenticator);
  }

  override validate({ sub }: AccessTokenClaims): unknown {
    return { name: this.users.nameOf(String(sub)) };
  }
}

const apiKey = curveKey('of the API');
let issuer: LoopbackIssuer;
beforeAll(async () => (issuer = await LoopbackIssuer.start()));
afterAll(() => issuer.close());

describe.each([
  ['Fastify', () => new FastifyAdapter()],
  ['Express', () => new ExpressAdapter()],
])("AuthGuard('tessera-jwt') on %s", (_, adapter) => {
  let app: INestApplication;

  const start = (strategy?: Type<TesseraJwtStrategy>): Promise<void> =>
    startWith({ imports: [TesseraPassportModule.forRoot(strategy)] });

  async function startWith({ imports = [], providers = [] }: ModuleMetadata): Promise<void> {
    class AppModule {}
    const decryption = { keys: [apiKey] };
    const guard = JwtGuardModule.forRoot({ issuer: issuer.url, audience: 'api1', decryption, global: false });
    const appModule = {
      module: AppModule as Type,
      imports: [guard, ...imports],
      controllers: [ThingsController],
      providers: [ApiKeyStrategy, ...providers],
    };
    app = await NestFactory.create(appModule, adapter(), { logger: false, abortOnError: false });
    await app.listen(0, '127.0.0.1');
  }
  afterEach(() => app.close());

  const call = async (path: string, token?: string): Promise<Response> =>
    fetch(`${await app.getUrl()}${path}`, { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } });

  it('lets a good token in, with its claims as request.user', async () => {
    await start();
    const response = await call('/things', await issuer.token());
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ user: { sub: 'alice', aud: 'api1' }, subject: 'alice' });
  });

  it('opens a token that is encrypted to the API, as JwtGuard does', async () => {
    await start();
    const response = await call('/things', await encryptedToken(await issuer.token(), apiKey));
    expect([response.status, await response.json()]).toEqual([200, expect.objectContaining({ subject: 'alice' })]);
    const other = await call('/things', await encryptedToken(await issuer.token(), curveKey('of the API')));
    expect([other.status, await other.json()]).toEqual([401, expect.objectContaining({ error: 'invalid_token' })]);
  });

  it('refuses with the same answers as JwtGuard', async () => {
    await start();
    const without = await call('/things');
    expect(without.status).toBe(401);
    expect(without.headers.get('www-authenticate')).toBe('Bearer realm="api1"');
    const wrong = await call('/things', await issuer.token({ aud: 'api2' }));
    expect(wrong.status).toBe(401);
    expect(wrong.headers.get('www-authenticate')).toContain('error="invalid_token"');
    expect(await wrong.json()).toMatchObject({ error: 'invalid_token' });
  });

  it('RequirementsGuard behind it enforces @RequireScopes(), and denies where nothing verified a token', async () => {
    await start();
    expect((await call('/things/write', await issuer.token({ scope: 'api1 things.write' }))).status).toBe(200);
    const refused = await call('/things/write', await issuer.token());
    expect(refused.status).toBe(403);
    expect(refused.headers.get('www-authenticate')).toContain('scope="things.write"');
    expect((await call('/things/forgotten', await issuer.token())).status).toBe(401);
  });

  it('a strategy of its own may turn the claims into a user, or refuse them', async () => {
    await start(OwnStrategy);
    expect(await (await call('/things', await issuer.token())).json()).toEqual({
      user: { name: 'alice' },
      subject: 'alice',
    });
    expect((await call('/things', await issuer.token({ sub: 'nobody' }))).status).toBe(401);
  });

  it('a strategy of its own may ask for services of the application', async () => {
    await startWith({ imports: [TesseraPassportModule.forRoot(StoredUsersStrategy, { imports: [UsersModule] })] });
    const response = await call('/things', await issuer.token());
    expect(await response.json()).toEqual({ user: { name: 'alice of the database' }, subject: 'alice' });
  });

  it('who provides the strategy himself has the challenge by AccessRefusedFilter', async () => {
    const filter = { provide: APP_FILTER, useClass: AccessRefusedFilter };
    await startWith({ imports: [UsersModule], providers: [StoredUsersStrategy, filter] });
    expect((await call('/things', await issuer.token())).status).toBe(200);
    const refused = await call('/things', await issuer.token({ aud: 'api2' }));
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringContaining('error="invalid_token"'),
    ]);
  });

  it('whom validate() refused is not let in by RequirementsGuard behind a guard that asks for no user', async () => {
    await start(OwnStrategy);
    expect((await call('/things/optional', await issuer.token())).status).toBe(200);
    expect((await call('/things/optional', await issuer.token({ sub: 'nobody' }))).status).toBe(401);
    expect((await call('/things/optional')).status).toBe(401);
  });

  it('named last, it comes after other ways in and gives the answer where none led in', async () => {
    await start();
    const byKey = await fetch(`${await app.getUrl()}/things/either`, { headers: { 'x-api-key': 'known' } });
    expect(await byKey.json()).toEqual({ name: 'machine' });
    expect(await (await call('/things/either', await issuer.token())).json()).toMatchObject({ sub: 'alice' });
    const neither = await call('/things/either');
    expect([neither.status, neither.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="api1"']);
  });
});
