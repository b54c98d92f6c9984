import { Controller, Get, type LoggerService } from '@nestjs/common';
import { AttackedApi } from '../attacks/attacked-api.spec.fixture.js';
import type { JwtGuardHooks } from '../options/jwt-guard.options.js';
import { RequireScopes } from '../requirements/require-scopes.decorator.js';
import { TestIssuer } from '../testing/index.js';

@Controller('things')
class ThingsController {
  @Get()
  list(): object {
    return { ok: true };
  }

  @Get('scoped')
  @RequireScopes('read')
  scoped(): object {
    return { ok: true };
  }
}

const issuer = new TestIssuer();
const open: AttackedApi[] = [];
afterAll(() => Promise.all(open.map((api) => api.close())));

async function start(hooks: JwtGuardHooks, logger?: LoggerService): Promise<AttackedApi> {
  const options = issuer.guardOptions({ audience: 'api1', hooks });
  const api = await AttackedApi.start('Fastify', options, { controllers: [ThingsController], logger });
  open.push(api);
  return api;
}

describe('What hangs on the guard', () => {
  it('hears of each request once, after all that is required was looked at', async () => {
    const heard: string[] = [];
    const api = await start({
      accepted: ({ subject }) => heard.push(subject),
      refused: ({ code }) => heard.push(code),
    });
    const token = issuer.token();
    for (const path of ['/things', '/things', '/things/scoped']) await api.bearer(path, token);
    await api.bearer('/things');
    await api.bearer('/things', issuer.bad.expired());
    expect(heard).toEqual(['alice', 'alice', 'scope_insufficient', 'token_missing', 'token_expired']);
  });

  it('changes no answer by what it throws, which is logged', async () => {
    const logged: unknown[] = [];
    const logger = { log: () => undefined, warn: () => undefined, error: (text: unknown) => logged.push(text) };
    const throws = (): never => {
      throw new Error('The metrics are away.');
    };
    const api = await start({ accepted: throws, refused: throws }, logger);
    expect((await api.bearer('/things', issuer.token())).status).toBe(200);
    expect((await api.bearer('/things')).status).toBe(401);
    expect(logged).toEqual([
      'hooks.accepted failed: The metrics are away.',
      'hooks.refused failed: The metrics are away.',
    ]);
  });

  it('nobody ends the process by a request whose hook fails later: a rejection is logged as well', async () => {
    const logged: unknown[] = [];
    const logger = { log: () => undefined, warn: () => undefined, error: (text: unknown) => logged.push(text) };
    const rejects = (): unknown => Promise.reject(new Error('The metrics are away.'));
    const api = await start({ refused: rejects }, logger);
    expect((await api.bearer('/things')).status).toBe(401);
    await new Promise((resolve) => setImmediate(resolve));
    expect(logged).toEqual(['hooks.refused failed: The metrics are away.']);
  });
});
