import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateKeyPairSync, sign } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from './create-app.js';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
let server: Server;
let issuer: string;
let app: NestFastifyApplication;
let url: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'ES256', use: 'sig' }] };
    response.end(JSON.stringify(request.url === '/jwks' ? jwks : { issuer, jwks_uri: `${issuer}/jwks` }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  app = await createApp({ issuer, audience: 'api1', host: '127.0.0.1', port: 0, tls: undefined }, false);
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});
afterAll(async () => {
  await app.close();
  server.closeAllConnections();
  server.close();
});

function token(claims: Record<string, unknown> = {}): string {
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const good = {
    iss: issuer,
    aud: 'api1',
    sub: 'alice',
    client_id: 'ropg_client',
    scope: 'api1',
    iat: now,
    exp: now + 60,
  };
  const signed = `${encode({ alg: 'ES256', typ: 'at+jwt', kid: 'k' })}.${encode({ ...good, ...claims })}`;
  const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}

function call(
  path: string,
  { bearer = token(), body }: { bearer?: string | null; body?: unknown } = {},
): Promise<Response> {
  const headers: Record<string, string> = bearer === null ? {} : { authorization: `Bearer ${bearer}` };
  if (body === undefined) return fetch(`${url}${path}`, { headers });
  headers['content-type'] = 'application/json';
  return fetch(`${url}${path}`, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

describe('The orders', () => {
  it('are created for the subject of the token, with their address, and can be read and listed', async () => {
    const created = await call('/orders', { body: { product: 'tea', quantity: 2 } });
    expect(created.status).toBe(201);
    const order = (await created.json()) as { id: string };
    expect(order).toMatchObject({ product: 'tea', quantity: 2, createdBy: 'alice' });
    expect(created.headers.get('location')).toBe(`/orders/${order.id}`);
    expect(await (await call(`/orders/${order.id}`)).json()).toEqual(order);
    expect(await (await call('/orders')).json()).toContainEqual(order);
  });

  it('that do not exist are not found', async () => {
    expect((await call('/orders/nothing')).status).toBe(404);
  });

  it.each([
    {},
    { product: 'tea' },
    { product: '', quantity: 1 },
    { product: 'x'.repeat(201), quantity: 1 },
    { product: 'tea', quantity: 0 },
    { product: 'tea', quantity: 1001 },
    { product: 'tea', quantity: 1.5 },
    { product: 'tea', quantity: '1' },
    { product: ['tea'], quantity: 1 },
    { product: 'tea', quantity: 1, createdBy: 'mallory' },
    [],
    'null',
    '{',
    '{"__proto__":{"product":"tea"},"quantity":1}',
  ])('are not made from %j', async (body) => {
    expect((await call('/orders', { body })).status).toBe(400);
  });

  it('take no body over the limit', async () => {
    expect((await call('/orders', { body: { product: 'x'.repeat(20_000), quantity: 1 } })).status).toBe(413);
  });

  it('are bounded: the oldest makes room', async () => {
    const first = (await (await call('/orders', { body: { product: 'oldest', quantity: 1 } })).json()) as {
      id: string;
    };
    for (let n = 0; n < 1000; n++) await call('/orders', { body: { product: 'tea', quantity: 1 } });
    expect((await call(`/orders/${first.id}`)).status).toBe(404);
    expect(await (await call('/orders')).json()).toHaveLength(1000);
  });
});

describe('Who may call', () => {
  it.each(['/orders', '/orders/1'])('%s needs a token', async (path) => {
    const response = await call(path, { bearer: null });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="api1"');
  });

  it('POST /orders needs a token, before the body is looked at', async () => {
    expect((await call('/orders', { bearer: null, body: {} })).status).toBe(401);
  });

  it('an expired token is refused, and one without the scope api1', async () => {
    expect((await call('/orders', { bearer: token({ exp: 1_700_000_000, iat: 1_600_000_000 }) })).status).toBe(401);
    const response = await call('/orders', { bearer: token({ scope: 'openid' }) });
    expect(response.status).toBe(403);
    expect(response.headers.get('www-authenticate')).toContain('error="insufficient_scope"');
  });

  it('anybody may ask whether the API is up', async () => {
    const response = await call('/health', { bearer: null });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'ok' });
  });

  it('the API does not start for an issuer that the guard cannot trust', async () => {
    const environment = {
      issuer: 'http://id.example.com',
      audience: 'api1',
      host: 'localhost',
      port: 0,
      tls: undefined,
    };
    await expect(createApp(environment, false)).rejects.toThrow(/issuer: 'http:\/\/id\.example\.com'/);
  });
});
