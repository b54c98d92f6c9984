import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import { jwtGuardOptionsToken } from '../jwt-guard.module.js';
import { signedInAs } from './signed-in-as.js';
import { TestCaller } from './test-caller.js';
import { TestIssuer } from './test-issuer.js';
import { guardModules, ListeningApp, productionOptions, testedApp } from './tested-app.spec.fixture.js';
import { trustTestIssuer } from './trust-test-issuer.js';

describe.each(Object.entries(guardModules))('An application with %s', (_, guardModule) => {
  let app: ListeningApp;
  afterEach(() => app.close());

  it('accepts the tokens of a test issuer when its options are replaced', async () => {
    const issuer = new TestIssuer();
    const module = await testedApp(guardModule())
      .overrideProvider(jwtGuardOptionsToken)
      .useValue(issuer.guardOptions({ audience: 'orders' }))
      .compile();
    app = await ListeningApp.of(module);
    const response = await app.get('/orders', issuer.headers({ sub: 'bob', scopes: ['orders.read'], tenant: 'a' }));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ subject: 'bob', client: 'test-client', tenant: 'a' });
    expect(await app.status('/orders', issuer.headers())).toBe(403);
    expect(await app.status('/orders', issuer.headers({ aud: 'api1', scopes: ['orders.read'] }))).toBe(401);
    expect(await app.status('/orders')).toBe(401);
    expect(await app.status('/orders/open')).toBe(200);
  });

  it('keeps its own options when it is made to trust a test issuer', async () => {
    const issuer = new TestIssuer();
    app = await ListeningApp.of(await trustTestIssuer(testedApp(guardModule()), issuer).compile());
    expect(issuer.audience).toBe('orders');
    expect(await app.status('/orders', issuer.headers({ scopes: ['orders.read'] }))).toBe(200);
    // claimNames of the application:
    expect(await app.status('/orders/all', issuer.headers({ realm_access: { roles: ['boss'] } }))).toBe(200);
    expect(await app.status('/orders/all', issuer.headers({ roles: ['boss'] }))).toBe(403);
    // dpop: 'allowed' of the application:
    const holder = issuer.dpopHolder();
    const token = holder.token({ scopes: ['orders.read'] });
    const headers = holder.headers('GET', `${app.url}/orders`, token);
    expect(await app.status('/orders', headers)).toBe(200);
    expect(await app.status('/orders', headers)).toBe(401);
    expect(await app.status('/orders', { authorization: `Bearer ${token}` })).toBe(401);
  });
});

describe('An application that trusts a test issuer', () => {
  const issuer = new TestIssuer({ algorithm: 'RS256' });
  let app: ListeningApp;
  beforeAll(async () => {
    app = await ListeningApp.of(await trustTestIssuer(testedApp(), issuer, { tokenCache: false }).compile());
  });
  afterAll(() => app.close());

  it.each(issuer.bad.all())('refuses a token that is bad: %s', async (_, make) => {
    const headers = { authorization: `Bearer ${make({ scopes: ['orders.read'] })}` };
    expect(await app.status('/orders', headers)).toBe(401);
  });

  it('asks for a sign-in as strong as it must be', async () => {
    const weak = await app.get('/orders/secret', issuer.headers({ acr: 'weak' }));
    expect(weak.status).toBe(401);
    expect(weak.headers.get('www-authenticate')).toContain('insufficient_user_authentication');
    expect(await app.status('/orders/secret', issuer.headers({ acr: 'strong' }))).toBe(200);
  });

  describe('and DPoP proofs', () => {
    const holder = issuer.dpopHolder();
    const call = (options: Parameters<typeof holder.headers>[3], method = 'GET', path = '/orders') =>
      app.status(
        '/orders',
        holder.headers(method, `${app.url}${path}`, holder.token({ scopes: ['orders.read'] }), options),
      );

    it('lets in a good one, also after a journey in time', async () => {
      expect(await call({})).toBe(200);
      issuer.advance(7_200);
      expect(await call({})).toBe(200);
      issuer.advance(-14_400);
      expect(await call({})).toBe(200);
    });

    it('refuses one for another method, another URL, of another time, without its token, and of another key', async () => {
      expect(await call({}, 'POST')).toBe(401);
      expect(await call({}, 'GET', '/orders/all')).toBe(401);
      expect(await call({ claims: { iat: issuer.now - 600 } })).toBe(401);
      expect(await call({ claims: { ath: undefined } })).toBe(401);
      const headers = issuer
        .dpopHolder()
        .headers('GET', `${app.url}/orders`, holder.token({ scopes: ['orders.read'] }));
      expect(await app.status('/orders', headers)).toBe(401);
    });

    it.each(['ES384', 'EdDSA', 'RS256', 'PS256'] as const)('signs proofs with %s', async (algorithm) => {
      const other = issuer.dpopHolder(algorithm);
      const headers = other.headers('GET', `${app.url}/orders`, other.token({ scopes: ['orders.read'] }));
      expect(await app.status('/orders', headers)).toBe(200);
    });
  });

  it('gives nonces, which the holder brings back', async () => {
    const strict = await ListeningApp.of(
      await trustTestIssuer(testedApp(), issuer, { dpop: { mode: 'required', requireNonce: true } }).compile(),
    );
    const holder = issuer.dpopHolder();
    const token = holder.token({ scopes: ['orders.read'] });
    const first = await strict.get('/orders', holder.headers('GET', `${strict.url}/orders`, token));
    expect(first.status).toBe(401);
    const nonce = first.headers.get('dpop-nonce')!;
    expect(await strict.status('/orders', holder.headers('GET', `${strict.url}/orders`, token, { nonce }))).toBe(200);
    expect(await strict.status('/orders', issuer.headers({ scopes: ['orders.read'] }))).toBe(401);
    await strict.close();
  });
});

describe.each<[string, (builder: TestingModuleBuilder) => TestingModuleBuilder]>([
  ['trustTestIssuer', (builder) => trustTestIssuer(builder, new TestIssuer())],
  ['signedInAs', (builder) => signedInAs(builder, { sub: 'alice' })],
])('%s() that could do nothing is an error', (name, replace) => {
  it('in a module without the guard', async () => {
    await expect(replace(Test.createTestingModule({})).compile()).rejects.toThrow(`${name}() found no guard`);
  });

  it('after compile()', async () => {
    const builder = testedApp();
    await builder.compile();
    expect(() => replace(builder)).toThrow(`${name}() came after compile()`);
  });
});

it('A builder may be given to both, and the last one counts', async () => {
  const builder = signedInAs(trustTestIssuer(testedApp(), new TestIssuer()), { sub: 'carol', scopes: ['orders.read'] });
  const app = await ListeningApp.of(await builder.compile());
  expect(await app.status('/orders')).toBe(200);
  await app.close();
});

describe('Without tokens', () => {
  let app: ListeningApp;
  afterEach(() => app.close());

  it('each call is by who is said to be signed in, and may do no more', async () => {
    const builder = signedInAs(testedApp(), { sub: 'carol', scopes: ['orders.read'], tenant: 'b', client_id: 'shop' });
    app = await ListeningApp.of(await builder.compile());
    expect(await (await app.get('/orders')).json()).toEqual({ subject: 'carol', client: 'shop', tenant: 'b' });
    const refused = await app.get('/orders/all');
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ error: 'access_denied' });
    expect(await app.status('/orders/secret')).toBe(401);
    expect(await app.status('/orders', { authorization: 'Bearer whatever' })).toBe(200);
  });

  it.each(Object.values(guardModules))('the caller can change within the test', async (guardModule) => {
    const caller = new TestCaller();
    const builder = signedInAs(testedApp(guardModule()), caller);
    app = await ListeningApp.of(await builder.compile());
    const nobody = await app.get('/orders');
    expect(nobody.status).toBe(401);
    expect(nobody.headers.get('www-authenticate')).toMatch(/^Bearer realm="orders"/);
    expect(await app.status('/orders/open')).toBe(200);
    caller.is({ sub: 'alice' });
    expect(await app.status('/orders')).toBe(403);
    caller.is({ sub: 'alice', scopes: ['orders.read'], roles: ['boss'], acr: 'strong' });
    for (const path of ['/orders', '/orders/all', '/orders/secret']) expect(await app.status(path)).toBe(200);
    caller.isNobody();
    expect(await app.status('/orders')).toBe(401);
  });

  it('finds roles also by the words of the API', async () => {
    const builder = signedInAs(testedApp(), { realm_access: { roles: ['boss'] } });
    app = await ListeningApp.of(await builder.compile());
    expect(productionOptions.claimNames).toEqual({ roles: ['realm_access', 'roles'] });
    expect(await app.status('/orders/all')).toBe(200);
  });
});
