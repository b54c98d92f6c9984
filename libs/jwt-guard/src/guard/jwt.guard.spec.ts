import { request as httpRequest } from 'node:http';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { GuardedApp, ThingsController } from './guarded-app.spec.fixture.js';
import { JwtGuard } from './jwt.guard.js';

describe.each(['Fastify', 'Express'] as const)('The guard on %s', (adapter) => {
  const guarded = new GuardedApp(adapter);
  const call = guarded.call.bind(guarded);

  /** For what fetch would not send. */
  const callRaw = (path: string, headers: string[]): Promise<{ status: number; challenge: string | undefined }> =>
    new Promise((resolve, reject) => {
      const sent = httpRequest(`${guarded.url}${path}`, { headers: ['Host', '127.0.0.1', ...headers] }, (response) => {
        response
          .resume()
          .on('end', () => resolve({ status: response.statusCode!, challenge: response.headers['www-authenticate'] }));
      });
      sent.on('error', reject).end();
    });

  it('lets a good token in and gives the handler the frozen claims, also as request.user', async () => {
    const response = await call('/things', await guarded.issuer.token());
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ subject: 'alice', user: true, frozen: true });
  });

  it.each(['bearer', 'BEARER', 'Bearer  '])('reads the scheme %s: it does not depend on case', async (scheme) => {
    const authorization = `${scheme} ${await guarded.issuer.token()}`;
    expect((await fetch(`${guarded.url}/things`, { headers: { authorization } })).status).toBe(200);
  });

  it('answers a request without a token with a bare challenge (RFC 6750 §3.1)', async () => {
    const response = await call('/things');
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="api1"');
    expect(await response.json()).toEqual({ statusCode: 401, message: 'Unauthorized' });
  });

  it.each(['Basic YTpi', 'DPoP abc', 'Bearerabc', 'bear'])('takes %s for no token', async (authorization) => {
    const response = await fetch(`${guarded.url}/things`, { headers: { authorization } });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="api1"');
  });

  it.each([
    ['expired', 'The token has expired.', () => guarded.issuer.token({ exp: 1_700_000_000, iat: 1_600_000_000 })],
    [
      'for another API',
      'The token is for another audience; this API is api1.',
      () => guarded.issuer.token({ aud: 'api2' }),
    ],
    ['an id_token', 'The token is not an access token: the typ of its header must be at+jwt.', () => guarded.issuer.token({}, { header: { typ: 'JWT' } })], // prettier-ignore
    ['no JWT at all', 'The token is not a signed JWT.', () => Promise.resolve('opaque')],
  ])('says what is wrong with a token that is %s, and does not echo it', async (_, description, make) => {
    const token = await make();
    const response = await call('/things', token);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe(
      `Bearer realm="api1", error="invalid_token", error_description="${description}"`,
    );
    const body = await response.text();
    expect(JSON.parse(body)).toEqual({ error: 'invalid_token', error_description: description });
    expect(body).not.toContain(token);
  });

  it.each(['Bearer', 'Bearer a b', 'Bearer {"a":1}', 'Bearer a,b'])(
    'refuses the header %s as unreadable',
    async (authorization) => {
      const response = await fetch(`${guarded.url}/things`, { headers: { authorization } });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"');
    },
  );

  it('refuses two Authorization headers, whichever of them is good', async () => {
    const good = `Bearer ${await guarded.issuer.token()}`;
    for (const pair of [
      [good, 'Bearer bad'],
      ['Bearer bad', good],
      [good, good],
      [good, 'Basic YTpi'],
    ]) {
      // prettier-ignore
      const answer = await callRaw('/things', ['Authorization', pair[0]!, 'authorization', pair[1]!]);
      expect(answer.status).toBe(400);
      expect(answer.challenge).toContain('error="invalid_request"');
    }
  });

  it('does not read a token in the query, and refuses one beside the header (RFC 6750 §2)', async () => {
    const token = await guarded.issuer.token();
    const alone = await call(`/things?access_token=${token}`);
    expect(alone.status).toBe(401);
    expect(alone.headers.get('www-authenticate')).toBe('Bearer realm="api1"');
    expect((await call(`/things?a=b&access_token=${token}`, token)).status).toBe(400);
  });

  it('does not read a token in a form body', async () => {
    const body = new URLSearchParams({ access_token: await guarded.issuer.token() });
    const response = await fetch(`${guarded.url}/things`, { method: 'POST', body });
    expect([401, 415]).toContain(response.status);
  });

  it('refuses a huge header quickly', async () => {
    const started = performance.now();
    for (const value of [
      `Bearer ${'a'.repeat(40_000)}`,
      `Bearer ${' '.repeat(15_000)}x x`,
      `Bearer ${'.'.repeat(15_000)}`,
    ]) {
      const answer = await callRaw('/things', ['Authorization', value]);
      expect([401, 431]).toContain(answer.status);
    }
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it.each([
    ['rpc', { cause: { status: 401, code: 'token_missing' } }],
    ['ws', { cause: { status: 401, code: 'token_missing' } }],
    ['graphql', { status: 403 }],
    ['telegram', { status: 403 }],
  ])('denies what comes in a %s context and is not understood', async (type, refusal) => {
    const context = new ExecutionContextHost([{ headers: {} }], ThingsController, ThingsController.prototype.list);
    context.setType(type);
    const guard = guarded.app.get(JwtGuard, { strict: false });
    await expect(async () => guard.canActivate(context)).rejects.toMatchObject(refusal);
  });
});
