import { Controller, Get, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { JwtGuardModule } from '../jwt-guard.module.js';
import { LoopbackIssuer } from '../loopback-issuer.spec.fixture.js';
import type { JwtGuardOptions } from '../options/jwt-guard.options.js';
import { Public } from '../requirements/public.decorator.js';
import { JwtGuardHealth } from './jwt-guard.health.js';

@Controller()
class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly guardHealth: JwtGuardHealth,
  ) {}

  @Get('health')
  @Public()
  check(): Promise<unknown> {
    return this.health.check([() => this.guardHealth.check()]);
  }

  @Get('things')
  things(): object {
    return {};
  }
}

let issuer: LoopbackIssuer;
let app: INestApplication | undefined;
beforeEach(async () => (issuer = await LoopbackIssuer.start()));
afterEach(async () => {
  await app?.close();
  await issuer.close();
});

async function start(options: Partial<JwtGuardOptions> = {}): Promise<string> {
  class AppModule {}
  const guard = JwtGuardModule.forRoot({ issuer: issuer.url, audience: 'api1', ...options });
  const module = {
    module: AppModule,
    imports: [guard, TerminusModule.forRoot({ logger: false })],
    controllers: [HealthController],
  };
  app = await NestFactory.create(module, new FastifyAdapter(), { logger: false, abortOnError: false });
  await app.listen(0, '127.0.0.1');
  return app.getUrl();
}

const call = (url: string, token: string): Promise<Response> =>
  fetch(`${url}/things`, { headers: { authorization: `Bearer ${token}` } });

describe('The health of the guard', () => {
  it('is up with keys, and names the issuer and its keys', async () => {
    const url = await start();
    expect((await call(url, await issuer.token())).status).toBe(200);
    const response = await fetch(`${url}/health`);
    expect(response.status).toBe(200);
    const { details } = (await response.json()) as { details: Record<string, unknown> };
    expect(details['jwt-guard']).toEqual({
      status: 'up',
      issuers: { [issuer.url]: { status: 'up', keyIds: ['first'], fetchedAt: expect.any(Number) } },
    });
  });

  it('is down without keys, with the reason', async () => {
    issuer.faults.set('/jwks', (response) => response.writeHead(500).end());
    const url = await start();
    expect((await call(url, await issuer.token())).status).toBe(503);
    const response = await fetch(`${url}/health`);
    expect(response.status).toBe(503);
    const { error } = (await response.json()) as { error: Record<string, { issuers: Record<string, unknown> }> };
    expect(error['jwt-guard']!.issuers[issuer.url]).toEqual({
      status: 'down',
      keyIds: [],
      failure: expect.stringContaining('500'),
    });
  });

  it('comes up by being asked, once the issuer is there: requests may be kept away until it is up', async () => {
    issuer.faults.set('/jwks', (response) => response.writeHead(500).end());
    const url = await start();
    await expectSoon(async () => (await fetch(`${url}/health`)).status === 503);
    issuer.faults.clear();
    await expectSoon(async () => (await fetch(`${url}/health`)).status === 200);
  });

  it('whoever asks often sends no more requests to an issuer in trouble: a failed try is followed by a pause', async () => {
    let fetches = 0;
    issuer.faults.set('/jwks', (response) => {
      fetches++;
      response.writeHead(500).end();
    });
    const url = await start();
    await expectSoon(async () => (await fetch(`${url}/health`)).status === 503);
    for (let rest = 50; rest > 0; rest--) await fetch(`${url}/health`);
    // One at the start, one for the first check that found it failed, and one more on a machine that took a second for all this.
    expect(fetches).toBeGreaterThanOrEqual(2);
    expect(fetches).toBeLessThanOrEqual(3);
  });

  it('is up while one of several issuers can be used', async () => {
    const away = 'http://127.0.0.1:1';
    const url = await start({ issuer: undefined, issuers: [{ issuer: issuer.url }, { issuer: away }] });
    await call(url, await issuer.token());
    await call(url, await issuer.token({ iss: away }));
    const health = app!.get(JwtGuardHealth).check('tokens');
    expect(health.tokens).toMatchObject({
      status: 'up',
      issuers: { [issuer.url]: { status: 'up' }, [away]: { status: 'down' } },
    });
  });

  it('counts the issuers of a resolver and does not name them', async () => {
    const resolveIssuer: JwtGuardOptions['resolveIssuer'] = (name) =>
      name === issuer.url ? { issuer: name } : undefined;
    const url = await start({ issuer: undefined, resolveIssuer });
    expect(app!.get(JwtGuardHealth).check()['jwt-guard']).toEqual({ status: 'up', issuers: {} });
    await call(url, await issuer.token());
    expect(app!.get(JwtGuardHealth).check()['jwt-guard']).toEqual({
      status: 'up',
      issuers: {},
      resolved: { up: 1, down: 0 },
    });
  });
});

async function expectSoon(check: () => Promise<boolean>, tries = 100): Promise<void> {
  for (let rest = tries; !(await check()); rest--) {
    if (rest === 0) throw new Error('It has not come true.');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
