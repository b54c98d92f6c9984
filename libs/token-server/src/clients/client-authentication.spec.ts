import { request as httpRequest } from 'node:http';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Secret, sha256, sha512 } from '@tessera/resource-model';
import { adapters, basicHeader, client, run, type RunningServer, seed } from '../running-server.spec.fixture.js';

const grant = { grant_type: 'client_credentials' };

describe.each(adapters)('Client authentication on %s', (adapter) => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await run(
      {
        clients: [
          ...seed.clients,
          client('rotating_client', {
            clientSecrets: [
              new Secret(sha256('old'), { expiration: Date.UTC(2030, 0, 2) / 1000 }),
              new Secret(sha512('new')),
            ],
          }),
          client('post_client', { tokenEndpointAuthMethod: 'client_secret_post' }),
          client('a b:c%', { clientSecrets: [new Secret(sha256('s p:a+c%e ü'))] }),
          client('optional_client', { allowedGrantTypes: ['password'], requireClientSecret: false }),
        ],
      },
      { adapter },
    );
  });
  const authenticate = (form: Record<string, string> | string, basic?: string) =>
    server.post('connect/token', typeof form === 'string' ? form : { ...grant, ...form }, { basic });

  it('takes client_secret_basic and client_secret_post (RFC 6749 §2.3.1)', async () => {
    expect((await authenticate({}, 'simple_client:secret')).status).toBe(200);
    expect((await authenticate({ client_id: 'simple_client', client_secret: 'secret' })).status).toBe(200);
  });

  it('takes a client_id beside Basic when it is the same, and refuses another with invalid_request', async () => {
    expect((await authenticate({ client_id: 'simple_client' }, 'simple_client:secret')).status).toBe(200);
    const { status, body } = await authenticate({ client_id: 'other_client' }, 'simple_client:secret');
    expect([status, body.error]).toEqual([400, 'invalid_request']);
  });

  it('refuses two ways at once with invalid_request', async () => {
    const { status, body } = await authenticate(
      { client_id: 'simple_client', client_secret: 'secret' },
      'simple_client:secret',
    );
    expect([status, body.error]).toEqual([400, 'invalid_request']);
  });

  it('answers unknown, disabled, wrong, expired and missing alike: 401, invalid_client, WWW-Authenticate', async () => {
    server.clock.advance(2 * 86_400);
    const answers = await Promise.all([
      authenticate({}, 'unknown:secret'),
      authenticate({}, 'disabled_client:secret'),
      authenticate({}, 'simple_client:wrong'),
      authenticate({}, 'simple_client:'),
      authenticate({}, 'rotating_client:old'),
      authenticate({ client_id: 'simple_client' }),
      authenticate({ client_id: 'simple_client', client_secret: 'Secret' }),
      authenticate({ client_id: 'SIMPLE_CLIENT', client_secret: 'secret' }),
    ]);
    for (const { status, headers, text } of answers) {
      expect([status, text]).toEqual([401, answers[0].text]);
      expect(headers.get('www-authenticate')).toMatch(/^Basic realm=/);
      expect(headers.get('cache-control')).toBe('no-store');
    }
    expect(answers[0].body.error).toBe('invalid_client');
    server.clock.advance(-2 * 86_400);
  });

  it('takes each of several secrets until it expires', async () => {
    expect((await authenticate({}, 'rotating_client:old')).status).toBe(200);
    expect((await authenticate({}, 'rotating_client:new')).status).toBe(200);
    server.clock.advance(86_400);
    expect((await authenticate({}, 'rotating_client:old')).status).toBe(401);
    expect((await authenticate({}, 'rotating_client:new')).status).toBe(200);
    server.clock.advance(-86_400);
  });

  it('form-decodes both halves of Basic', async () => {
    const encode = (text: string) => new URLSearchParams({ x: text }).toString().slice(2);
    expect((await authenticate({}, `${encode('a b:c%')}:${encode('s p:a+c%e ü')}`)).status).toBe(200);
  });

  it('lets a client use only the method that it is set to', async () => {
    expect((await authenticate({}, 'post_client:secret')).status).toBe(401);
    expect((await authenticate({ client_id: 'post_client', client_secret: 'secret' })).status).toBe(200);
  });

  it.each([
    ['another scheme', 'Bearer abc'],
    ['no base64', 'Basic ???'],
    ['no colon', `Basic ${Buffer.from('simple_client').toString('base64')}`],
    ['no id', basicHeader(':secret')],
    ['a broken escape', basicHeader('simple_client:%zz')],
    ['nothing', 'Basic'],
  ])('answers an Authorization header that it cannot read with invalid_client: %s', async (_what, authorization) => {
    const { status, body } = await server.post('connect/token', grant, { headers: { authorization } });
    expect([status, body.error]).toEqual([401, 'invalid_client']);
  });

  it('refuses two Authorization headers with invalid_request, whichever is right', async () => {
    const { port } = new URL(server.url);
    const form = 'grant_type=client_credentials';
    const status = await new Promise((resolve, reject) => {
      const request = httpRequest({ port, host: '127.0.0.1', path: '/connect/token', method: 'POST' }, (response) =>
        resolve(response.resume().statusCode),
      );
      request.on('error', reject);
      request.setHeader('Content-Type', 'application/x-www-form-urlencoded');
      request.setHeader('Authorization', [basicHeader('simple_client:secret'), basicHeader('nobody:x')]);
      request.end(form);
    });
    expect(status).toBe(400);
  });

  it('answers a request that shows no client with invalid_client', async () => {
    const { status, body } = await authenticate({});
    expect([status, body.error]).toEqual([401, 'invalid_client']);
  });

  it('lets a public client in by its id alone, but never with a secret that it does not have', async () => {
    const form = {
      grant_type: 'password',
      username: 'alice',
      password: 'ecila',
      scope: 'api1',
      client_id: 'public_client',
    };
    expect((await authenticate(form)).status).toBe(200);
    expect((await authenticate({ ...form, client_secret: 'guess' })).status).toBe(401);
  });

  it('checks the secret of a client that may but need not have one, when it sends one', async () => {
    const form = { grant_type: 'password', username: 'alice', password: 'ecila', client_id: 'optional_client' };
    expect((await authenticate(form)).status).toBe(200);
    expect((await authenticate({ ...form, client_secret: 'secret' })).status).toBe(200);
    expect((await authenticate({ ...form, client_secret: 'wrong' })).status).toBe(401);
  });
});

describe('The expiration of a secret', () => {
  it('is the first second in which it no longer works', async () => {
    const server = await run({
      clients: [
        client('c', { clientSecrets: [new Secret(sha256('secret'), { expiration: Date.UTC(2030, 0, 1) / 1000 })] }),
      ],
    });
    expect((await server.post('connect/token', grant, { basic: 'c:secret' })).status).toBe(401);
  });
});
