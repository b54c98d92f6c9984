import { beforeAll, describe, expect, it } from '@jest/globals';
import { adapters, run, type RunningServer } from '../running-server.spec.fixture.js';

const listed = 'https://app.example.com';
const paths = ['connect/token', 'connect/userinfo', 'connect/introspect', 'connect/revocation'];

describe.each(adapters)('A web page that calls on %s', (adapter) => {
  let server: RunningServer;
  beforeAll(async () => void (server = await run({}, { adapter })));
  const preflight = (path: string, origin: string) =>
    server.send(path, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });

  it.each(paths)('may call %s from an origin that a client lists', async (path) => {
    const { status, headers } = await preflight(path, listed);
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe(listed);
    expect(headers.get('access-control-allow-methods')).toContain('POST');
    expect(headers.get('access-control-allow-headers')).toContain('Authorization');
    // Pages of Swagger UI send it along.
    expect(headers.get('access-control-allow-headers')).toContain('X-Requested-With');
    expect(headers.get('vary')).toContain('Origin');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
  });

  it.each([
    'https://evil.example.com',
    'https://app.example.com.evil.com',
    'http://app.example.com',
    'null',
    'https://APP.example.com',
  ])('may not read an answer from the origin %s, which no client lists', async (origin) => {
    for (const path of paths)
      expect((await preflight(path, origin)).headers.get('access-control-allow-origin')).toBeNull();
    const answer = await server.post('connect/token', {}, { headers: { origin } });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('may read errors as well, and the challenge', async () => {
    const { status, headers } = await server.send('connect/userinfo', { headers: { origin: listed } });
    expect([status, headers.get('access-control-allow-origin')]).toEqual([401, listed]);
    expect(headers.get('access-control-expose-headers')).toContain('WWW-Authenticate');
  });
});
