import { beforeAll, describe, expect, it } from '@jest/globals';
import { createHandle, Secret, sha256 } from '@tessera/resource-model';
import { type Answer, client, run, type RunningServer, seed } from '../../running-server.spec.fixture.js';

let server: RunningServer;
beforeAll(async () => {
  server = await run({
    clients: [
      ...seed.clients,
      client('broad_client', { allowedScopes: ['api1', 'api2', 'shared'], accessTokenType: 'reference' }),
      client('short_client', { accessTokenLifetime: 10 }),
      client('api1', { clientSecrets: [new Secret(sha256('a client of the same name'))] }),
    ],
  });
});
const issue = async (basic: string, form: Record<string, string> = {}): Promise<Answer['body']> =>
  (await server.post('connect/token', { grant_type: 'client_credentials', ...form }, { basic })).body;
const introspect = (token: string, basic = 'api1:api1 secret', form: Record<string, string> = {}) =>
  server.post('connect/introspect', { token, ...form }, { basic });
const password = { grant_type: 'password', username: 'alice', password: 'ecila', scope: 'openid api1 offline_access' };

describe('Introspection (RFC 7662)', () => {
  it.each(['simple_client', 'reference_client'])(
    'tells an API about a token of %s that is for it (§2.2)',
    async (id) => {
      const { access_token } = await issue(`${id}:secret`);
      const { status, headers, body } = await introspect(access_token);
      expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
      const now = server.clock.now();
      expect(body).toEqual({
      active: true, token_type: 'Bearer', iss: 'https://id.example.com', sub: id, client_id: id, aud: 'api1', scope: 'api1',
      iat: now, exp: now + 3600, jti: expect.any(String),
    }); // prettier-ignore
    },
  );

  it('tells an API nothing about a token that is not for it', async () => {
    const { access_token } = await issue('simple_client:secret');
    expect((await introspect(access_token, 'api2:api2 secret')).body).toEqual({ active: false });
  });

  it('tells an API of several only its own part', async () => {
    const { access_token } = await issue('broad_client:secret');
    expect((await introspect(access_token)).body).toMatchObject({ active: true, aud: 'api1', scope: 'api1 shared' });
    expect((await introspect(access_token, 'api2:api2 secret')).body).toMatchObject({
      aud: 'api2',
      scope: 'api2 shared',
    });
  });

  it('tells a client about its own tokens, whole, and about no others', async () => {
    const { access_token } = await issue('broad_client:secret');
    expect((await introspect(access_token, 'broad_client:secret')).body).toMatchObject({
      aud: ['api1', 'api2'],
      scope: 'api1 api2 shared',
    });
    expect((await introspect(access_token, 'simple_client:secret')).body).toEqual({ active: false });
  });

  it('tells the client, and nobody else, about its refresh token', async () => {
    const { refresh_token } = await issue('ropg_client:secret', password);
    expect((await introspect(refresh_token, 'ropg_client:secret')).body).toMatchObject({
      active: true,
      client_id: 'ropg_client',
      sub: 'subject-of-alice',
      scope: 'openid api1 offline_access',
    });
    expect((await introspect(refresh_token, 'other_client:secret')).body).toEqual({ active: false });
    expect((await introspect(refresh_token)).body).toEqual({ active: false });
  });

  it('says inactive of a used-up refresh token', async () => {
    const { refresh_token } = await issue('ropg_client:secret', password);
    await issue('ropg_client:secret', { grant_type: 'refresh_token', refresh_token });
    expect((await introspect(refresh_token, 'ropg_client:secret')).body).toEqual({ active: false });
  });

  it.each(['access_token', 'refresh_token', 'nonsense'])(
    'is not misled by the hint %s (§2.1)',
    async (token_type_hint) => {
      const tokens = await issue('ropg_client:secret', password);
      for (const token of [tokens.access_token, tokens.refresh_token]) {
        expect((await introspect(token, 'ropg_client:secret', { token_type_hint })).body.active).toBe(true);
      }
    },
  );

  it('says inactive, and nothing more, of what is unknown or expired', async () => {
    const { access_token } = await issue('short_client:secret');
    server.clock.advance(10);
    for (const token of [access_token, createHandle(), 'x', 'a.b.c', '....']) {
      expect((await introspect(token)).text).toBe('{"active":false}');
    }
  });

  it('says inactive of an id_token: it is no access token', async () => {
    const { id_token } = await issue('ropg_client:secret', password);
    expect((await introspect(id_token, 'ropg_client:secret')).body).toEqual({ active: false });
  });

  it('answers a wrong secret with 401 invalid_client, and a caller without one as well', async () => {
    const { access_token } = await issue('simple_client:secret');
    for (const answer of [
      await introspect(access_token, 'api1:wrong'),
      await introspect(access_token, 'nobody:secret'),
      await server.post('connect/introspect', { token: access_token, client_id: 'public_client' }),
      await server.post('connect/introspect', { token: access_token }),
    ]) {
      expect([answer.status, answer.body.error]).toEqual([401, 'invalid_client']);
    }
  });

  it('knows an API and a client of the same name apart by their secrets', async () => {
    const { access_token } = await issue('simple_client:secret');
    expect((await introspect(access_token, 'api1:api1 secret')).body.active).toBe(true);
    expect((await introspect(access_token, 'api1:a client of the same name')).body).toEqual({ active: false });
  });

  it('answers what is not a form with 415, and a missing token with invalid_request', async () => {
    const json = await server.send('connect/introspect', {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    expect([json.status, json.body.error]).toEqual([415, 'invalid_request']);
    const missing = await introspect('');
    expect([missing.status, missing.body.error]).toEqual([400, 'invalid_request']);
  });

  it('says how and when the person of a token signed in', async () => {
    const { access_token } = await issue('ropg_client:secret', password);
    const about = { active: true, sub: 'subject-of-alice', amr: ['pwd'], auth_time: server.clock.now() };
    expect((await introspect(access_token)).body).toMatchObject(about);
  });
});
