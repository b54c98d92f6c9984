import { Controller, Get, Module, UseGuards, type INestApplication, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { JwtGuard } from '../guard/jwt.guard.js';
import { Subject } from '../guard/parameter.decorators.js';
import { JwtGuardModule } from '../jwt-guard.module.js';
import { TestIssuer } from '../testing/index.js';

@Controller('things')
class ThingsController {
  @Get()
  @UseGuards(JwtGuard)
  list(@Subject() subject: string): string {
    return subject;
  }
}

describe.each([
  ['Fastify', () => new FastifyAdapter()],
  ['Express', () => new ExpressAdapter()],
])('A guard that is global and stands at the route as well, on %s', (_, adapter) => {
  const issuer = new TestIssuer();
  let app: INestApplication;
  beforeAll(async () => {
    const guard = JwtGuardModule.forRoot(issuer.guardOptions({ audience: 'api1', dpop: 'required' }));
    @Module({ imports: [guard], controllers: [ThingsController] })
    class AppModule {}
    app = await NestFactory.create(AppModule as Type, adapter(), { logger: false, abortOnError: false });
    await app.listen(0, '127.0.0.1');
  });
  afterAll(() => app.close());

  it('takes the DPoP proof of a request once, and of another request never', async () => {
    const url = `${await app.getUrl()}/things`;
    const holder = issuer.dpopHolder();
    const headers = holder.headers('GET', url, holder.token());
    expect(await (await fetch(url, { headers })).text()).toBe('alice');
    const replayed = await fetch(url, { headers });
    expect(replayed.status).toBe(401);
    expect(replayed.headers.get('www-authenticate')).toContain('error="invalid_dpop_proof"');
  });
});
