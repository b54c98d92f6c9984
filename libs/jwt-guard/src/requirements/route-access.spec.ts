import { GuardedApp } from '../guard/guarded-app.spec.fixture.js';
import { RequireScopes } from './require-scopes.decorator.js';

describe.each(['Fastify', 'Express'] as const)('What a route asks for, on %s', (adapter) => {
  const guarded = new GuardedApp(adapter);
  const call = guarded.call.bind(guarded);

  it('opens what is public, and only that', async () => {
    expect((await call('/things/open')).status).toBe(200);
    expect((await call('/things/open', 'rubbish')).status).toBe(200);
    expect((await call('/admin/open')).status).toBe(200);
    expect((await call('/lobby')).status).toBe(200);
    expect((await call('/per-route/bare')).status).toBe(401);
  });

  it('the method wins over its class, also where the class is public', async () => {
    expect((await call('/lobby/back')).status).toBe(401);
    expect((await call('/lobby/back', await guarded.issuer.token())).status).toBe(200);
    expect((await call('/admin', await guarded.issuer.token())).status).toBe(403);
    expect((await call('/admin/orders', await guarded.issuer.token())).status).toBe(200);
  });

  it('@Public() beside @RequireScopes() opens nothing', async () => {
    expect((await call('/things/both')).status).toBe(401);
  });

  it('needs every scope of the route, and names them all where one is missing', async () => {
    expect((await call('/things', await guarded.issuer.token(), { method: 'POST' })).status).toBe(201);
    const response = await call('/things/write', await guarded.issuer.token());
    expect(response.status).toBe(403);
    expect(response.headers.get('www-authenticate')).toBe(
      'Bearer realm="api1", error="insufficient_scope", error_description="The token needs the scope api1 things.write.", scope="api1 things.write"',
    );
    expect(await response.json()).toMatchObject({ error: 'insufficient_scope' });
  });

  it.each([undefined, '', 'things', 'things.write.all', 'api1,things.write'])(
    'does not see two scopes in %j',
    async (scope) => {
      const status = (await call('/things/write', await guarded.issuer.token({ scope }))).status;
      expect(status).toBe(403);
    },
  );

  it('@AccessToken() where no token was checked is a fault of the application', async () => {
    expect((await call('/things/open-but-curious', await guarded.issuer.token())).status).toBe(500);
  });
});

describe('@RequireScopes()', () => {
  it('refuses to name no scope, or two in one text', () => {
    expect(() => (RequireScopes as (...scopes: string[]) => unknown)()).toThrow(TypeError);
    expect(() => RequireScopes('orders.read orders.write')).toThrow(/one text for each name/);
  });
});
