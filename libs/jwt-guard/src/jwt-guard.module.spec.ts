import { listen, PerRouteController } from './guard/guarded-app.spec.fixture.js';
import { JwtGuardModule } from './jwt-guard.module.js';
import { LoopbackIssuer } from './loopback-issuer.spec.fixture.js';
import type { JwtGuardOptions } from './options/jwt-guard.options.js';

let issuer: LoopbackIssuer;
beforeAll(async () => (issuer = await LoopbackIssuer.start()));
afterAll(() => issuer.close());

describe.each(['Fastify', 'Express'] as const)('JwtGuardModule on %s', (adapter) => {
  it('guards single routes when it is not global, given asynchronously', async () => {
    const guardModule = JwtGuardModule.forRootAsync({
      global: false,
      useFactory: () => Promise.resolve({ issuer: issuer.url, audience: ['api0', 'api1'] }),
    });
    const other = await listen(adapter, guardModule, [PerRouteController]);
    expect((await fetch(`${other.url}/per-route/bare`)).status).toBe(200);
    const refused = await fetch(`${other.url}/per-route/guarded`);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toBe('Bearer realm="api0"');
    const authorization = `Bearer ${await issuer.token()}`;
    expect((await fetch(`${other.url}/per-route/guarded`, { headers: { authorization } })).status).toBe(200);
    await other.app.close();
  });

  it('denies by default also when `global` came along undefined', async () => {
    const guardModule = JwtGuardModule.forRoot({ issuer: issuer.url, audience: 'api1', global: undefined });
    const other = await listen(adapter, guardModule);
    expect((await fetch(`${other.url}/per-route/bare`)).status).toBe(401);
    await other.app.close();
  });

  it('answers 503 with Retry-After while the issuer is down, starts without it and recovers', async () => {
    const late = await LoopbackIssuer.start();
    const token = await late.token();
    await late.close();
    let now = Date.now();
    const options = { issuer: late.url, audience: 'api1', clock: () => now };
    const other = await listen(adapter, JwtGuardModule.forRoot(options));
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${other.url}/things`, { headers });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(response.headers.get('www-authenticate')).toBeNull();
    expect(await response.json()).toMatchObject({ error: 'temporarily_unavailable' });
    expect((await fetch(`${other.url}/things`)).status).toBe(401);
    await late.open();
    now += 1000;
    expect((await fetch(`${other.url}/things`, { headers })).status).toBe(200);
    await other.app.close();
    await late.close();
  });

  it('refuses a token whose key was removed from the set', async () => {
    await issuer.addKey('leaving');
    let now = Date.now();
    const options = { issuer: issuer.url, audience: 'api1', clock: () => now };
    const other = await listen(adapter, JwtGuardModule.forRoot(options));
    const headers = { authorization: `Bearer ${await issuer.token({}, { kid: 'leaving' })}` };
    expect((await fetch(`${other.url}/things`, { headers })).status).toBe(200);
    issuer.removeKey('leaving');
    now += 300_000;
    expect((await fetch(`${other.url}/things`, { headers })).status).toBe(401);
    await other.app.close();
  });

  it('stops the boot with an error that names the option, the value and the fix', async () => {
    const guardModule = JwtGuardModule.forRoot({ issuer: 'http://id.example.com', audience: '' });
    await expect(listen(adapter, guardModule)).rejects.toThrow(
      /issuer: 'http:\/\/id\.example\.com' .*https[^]*audience: '' /,
    );
  });

  it.each([undefined, null, 'https://id.example.com'])('refuses %j in the place of options', (options) => {
    const forRoot = (): unknown =>
      JwtGuardModule.forRoot(options as unknown as Parameters<typeof JwtGuardModule.forRoot>[0]);
    expect(forRoot).toThrow(/options: .* was given; give \{ issuer, audience \}/);
  });

  it.each(['false', 0, null])('refuses %j as `global`: it would be taken for true', (value) => {
    const global = value as unknown as boolean;
    const fault = /global: .* was given; give true or false/;
    expect(() => JwtGuardModule.forRoot({ issuer: issuer.url, audience: 'api1', global })).toThrow(fault);
    const useFactory = (): JwtGuardOptions => ({ issuer: issuer.url, audience: 'api1' });
    expect(() => JwtGuardModule.forRootAsync({ global, useFactory })).toThrow(fault);
  });

  it('is imported once: with two sets of options the order of imports would say which one opens a route', async () => {
    const first = JwtGuardModule.forRoot({ issuer: issuer.url, audience: 'api1', global: false });
    const second = JwtGuardModule.forRoot({ issuer: issuer.url, audience: 'admin', global: false });
    class Both {}
    await expect(listen(adapter, { module: Both, imports: [first, second] })).rejects.toThrow('imported 2 times');
    const same = await listen(adapter, { module: Both, imports: [first, first] }, [PerRouteController]);
    await same.app.close();
  });
});
