import { Controller, Get } from '@nestjs/common';
import { TestIssuer } from '../testing/index.js';
import { AttackedApi } from './attacked-api.spec.fixture.js';

@Controller('things')
class ThingsController {
  @Get()
  list(): object {
    return { ok: true };
  }
}

describe.each(['Fastify', 'Express'] as const)('Made-up issuers where a resolver finds tenants, on %s', (adapter) => {
  const tenant = new TestIssuer({ issuer: 'https://tenant.test', audience: 'api1' });
  const asked: string[] = [];
  let isTrusted = true;
  let now = Date.now();
  let api: AttackedApi;
  beforeAll(async () => {
    const resolveIssuer = (name: string) => {
      asked.push(name);
      return isTrusted && name === tenant.issuer ? { issuer: name, jwks: tenant.jwks() } : undefined;
    };
    api = await AttackedApi.start(
      adapter,
      { audience: 'api1', resolveIssuer, clock: () => now },
      { controllers: [ThingsController] },
    );
  });
  beforeEach(() => (asked.length = 0));
  afterAll(() => api.close());

  const status = async (iss: unknown) => (await api.bearer('/things', tenant.token({ iss }))).status;

  it('are refused, each asked about once, and tenants get in', async () => {
    const names = [
      'https://tenant.test/',
      'https://TENANT.test',
      'https://tenant.test#',
      '__proto__',
      'constructor',
      '',
    ];
    for (const name of [...names, ...names]) expect(await status(name)).toBe(401);
    expect(asked).toEqual(names);
    expect(await status(tenant.issuer)).toBe(200);
  });

  it('that are no text are asked about never', async () => {
    for (const iss of [1, null, true, [tenant.issuer], { toString: tenant.issuer }])
      expect(await status(iss)).toBe(401);
    expect(asked).toEqual([]);
  });

  it('with names of kilobytes are asked about never, and fill no memory', async () => {
    for (const length of [1_025, 10_000]) {
      const name = `https://tenant.test/${'x'.repeat(length)}`.slice(0, length);
      expect(await status(name)).toBe(401);
    }
    expect(asked.length).toBe(0);
    expect(await status(`https://tenant.test/${'x'.repeat(1_024)}`.slice(0, 1_024))).toBe(401);
    expect(asked.length).toBe(1);
  });

  it('a tenant that was taken away is out when the answer about it has grown old, though keys and token are good', async () => {
    const token = tenant.token();
    const ask = async (): Promise<number> => (await api.bearer('/things', token)).status;
    expect(await ask()).toBe(200);
    isTrusted = false;
    now += 299_000;
    expect(await ask()).toBe(200);
    now += 2_000;
    expect(await ask()).toBe(401);
    isTrusted = true;
    now += 301_000;
    expect(await ask()).toBe(200);
  });
});
