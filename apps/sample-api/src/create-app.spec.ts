import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createApp } from './create-app.js';
import { challengeOf, publicUrl, runApi, type RunningApi } from './running-api.spec.fixture.js';

const metadata = '/.well-known/oauth-protected-resource';
let api: RunningApi;

beforeAll(async () => {
  api = await runApi();
});
afterAll(() => api.close());

describe('Who may call', () => {
  it.each(['/orders', '/orders/all', '/orders/1', '/token'])('%s needs a token', async (path) => {
    const response = await api.call(path, { claims: null });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(
      /^Bearer realm="api1", resource_metadata="[^"]*", DPoP realm="api1"/,
    );
  });

  it('POST /orders needs a token, before the body is looked at', async () => {
    expect((await api.call('/orders', { claims: null, body: {} })).status).toBe(401);
  });

  it.each(['expired', 'forOtherAudience', 'withWrongSignature', 'unsigned', 'idToken'] as const)(
    'a token that is %s is refused',
    async (name) => {
      const headers = { authorization: `Bearer ${api.issuer.bad[name]({ scope: 'api1' })}` };
      const response = await api.call('/orders', { headers });
      expect([response.status, challengeOf(response, 'error')]).toEqual([401, 'invalid_token']);
    },
  );

  it('the API does not start for an issuer that the guard cannot trust', async () => {
    const environment = { issuer: 'http://id.example.com', audience: 'api1', secret: 'secret', url: undefined };
    const place = { host: 'localhost', port: 0, tls: undefined };
    await expect(createApp({ ...environment, ...place }, false)).rejects.toThrow(/issuer: 'http:\/\/id\.example\.com'/);
  });
});

describe('What anybody may read', () => {
  it('is what a client has to know of the API, at the address that each challenge names (RFC 9728)', async () => {
    const refused = await api.call('/orders', { claims: null });
    expect(challengeOf(refused, 'resource_metadata')).toBe(publicUrl + metadata);
    expect(await (await api.call(metadata, { claims: null })).json()).toMatchObject({
      resource: publicUrl,
      authorization_servers: [api.issuer.url],
      scopes_supported: ['api1', 'orders.read', 'orders.write'],
      resource_documentation: `${publicUrl}/docs`,
    });
  });

  it.each(['/health', '/health/ready'])('is %s', async (path) => {
    const response = await api.call(path, { claims: null });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'ok' });
  });
});

describe('An API whose issuer was never there', () => {
  it('is up, and not ready', async () => {
    const lonely = await runApi((issuer) => issuer.goAway());
    // The first request waits for the try that the start began.
    expect((await lonely.call('/token')).status).toBe(503);
    expect((await lonely.call('/health', { claims: null })).status).toBe(200);
    const ready = await lonely.call('/health/ready', { claims: null });
    expect([ready.status, await ready.text()]).toEqual([503, expect.not.stringContaining('127.0.0.1')]);
    await lonely.close();
  });
});
