import { beforeAll, describe, expect, it } from '@jest/globals';
import { ProfileService } from '@tessera/grant-types';
import { createHandle } from '@tessera/resource-model';
import { type Answer, client, run, type RunningServer, seed } from '../../running-server.spec.fixture.js';

let server: RunningServer;
beforeAll(async () => {
  const shared = { allowedGrantTypes: ['password'], allowedScopes: ['api1'], allowOfflineAccess: true };
  server = await run({
    clients: [
      ...seed.clients,
      client('opaque_client', { ...shared, accessTokenType: 'reference' }),
      client('no_jti_client', { includeJwtId: false }),
    ],
  });
});
const issue = async (id: string, form: Record<string, string> = {}): Promise<Answer['body']> =>
  (await server.post('connect/token', { grant_type: 'client_credentials', ...form }, { basic: `${id}:secret` })).body;
const signIn = (id: string) =>
  issue(id, { grant_type: 'password', username: 'alice', password: 'ecila', scope: 'api1 offline_access' });
const revoke = (token: string, id: string, form: Record<string, string> = {}) =>
  server.post('connect/revocation', { token, ...form }, { basic: `${id}:secret` });
const isActive = async (token: string, id: string) =>
  (await server.post('connect/introspect', { token }, { basic: `${id}:secret` })).body.active as boolean;

describe('Revocation (RFC 7009)', () => {
  it.each(['simple_client', 'reference_client'])(
    'of an access token of %s: introspection no longer knows it',
    async (id) => {
      const { access_token } = await issue(id);
      expect(await isActive(access_token, id)).toBe(true);
      const { status, text } = await revoke(access_token, id);
      expect([status, text]).toEqual([200, '']);
      expect(await isActive(access_token, id)).toBe(false);
    },
  );

  it('of a refresh token takes its family and their reference tokens with it', async () => {
    const first = await signIn('opaque_client');
    const second = await issue('opaque_client', { grant_type: 'refresh_token', refresh_token: first.refresh_token });
    const stranger = await signIn('opaque_client');
    expect((await revoke(second.refresh_token, 'opaque_client')).status).toBe(200);
    for (const token of [first.access_token, second.access_token, second.refresh_token]) {
      expect(await isActive(token, 'opaque_client')).toBe(false);
    }
    const again = await issue('opaque_client', { grant_type: 'refresh_token', refresh_token: second.refresh_token });
    expect(again.error).toBe('invalid_grant');
    expect(await isActive(stranger.access_token, 'opaque_client')).toBe(true);
  });

  it('of a used-up refresh token ends the family all the same', async () => {
    const first = await signIn('opaque_client');
    const second = await issue('opaque_client', { grant_type: 'refresh_token', refresh_token: first.refresh_token });
    expect((await revoke(first.refresh_token, 'opaque_client')).status).toBe(200);
    expect(await isActive(second.access_token, 'opaque_client')).toBe(false);
  });

  it('of what is unknown or gone already is a success (§2.2)', async () => {
    const { access_token } = await issue('simple_client');
    await revoke(access_token, 'simple_client');
    for (const token of [access_token, createHandle(), 'x'])
      expect((await revoke(token, 'simple_client')).status).toBe(200);
  });

  it.each(['access_token', 'refresh_token', 'nonsense'])(
    'is not misled by the hint %s (§2.1)',
    async (token_type_hint) => {
      const { access_token, refresh_token } = await signIn('opaque_client');
      for (const token of [access_token, refresh_token]) {
        expect((await revoke(token, 'opaque_client', { token_type_hint })).status).toBe(200);
        expect(await isActive(token, 'opaque_client')).toBe(false);
      }
    },
  );

  it("refuses another client's token, says so, and leaves it alone (§2.1)", async () => {
    const { access_token, refresh_token } = await signIn('opaque_client');
    for (const token of [access_token, refresh_token]) {
      const { status, body } = await revoke(token, 'simple_client');
      expect([status, body.error]).toEqual([400, 'invalid_grant']);
      expect(await isActive(token, 'opaque_client')).toBe(true);
    }
  });

  it('never reports a false success: a JWT without jti is unsupported_token_type (§2.2.1)', async () => {
    const { access_token } = await issue('no_jti_client');
    const { status, body } = await revoke(access_token, 'no_jti_client');
    expect([status, body.error]).toEqual([400, 'unsupported_token_type']);
    expect(await isActive(access_token, 'no_jti_client')).toBe(true);
  });

  it('works while the person is out: the token does not come to life again', async () => {
    class SwitchedProfile extends ProfileService {
      active = true;

      async claims() {
        return {};
      }

      async isActive() {
        return this.active;
      }
    }
    const profile = new SwitchedProfile();
    const other = await run({ providers: [{ provide: ProfileService, useValue: profile }] });
    const ask = async (path: string, form: Record<string, string>) =>
      (await other.post(path, form, { basic: 'ropg_client:secret' })).body;
    const form = { grant_type: 'password', username: 'alice', password: 'ecila', scope: 'api1 offline_access' };
    const { access_token, refresh_token } = await ask('connect/token', form);
    profile.active = false;
    for (const token of [access_token, refresh_token])
      expect((await ask('connect/introspect', { token })).active).toBe(false);
    await ask('connect/revocation', { token: access_token });
    profile.active = true;
    expect((await ask('connect/introspect', { token: access_token })).active).toBe(false);
    expect((await ask('connect/introspect', { token: refresh_token })).active).toBe(true);
  });

  it('is open to public clients for their own tokens', async () => {
    const form = {
      grant_type: 'password',
      username: 'alice',
      password: 'ecila',
      client_id: 'public_client',
      scope: 'openid',
    };
    const { access_token } = (await server.post('connect/token', form)).body;
    const userinfo = () => server.send('connect/userinfo', { headers: { authorization: `Bearer ${access_token}` } });
    expect((await userinfo()).status).toBe(200);
    expect((await server.post('connect/revocation', { token: access_token, client_id: 'public_client' })).status).toBe(
      200,
    );
    expect((await userinfo()).status).toBe(401);
  });

  it('answers an unknown client with 401, what is not a form with 415, a missing token with invalid_request', async () => {
    expect((await server.post('connect/revocation', { token: 'x' }, { basic: 'nobody:secret' })).status).toBe(401);
    const json = await server.send('connect/revocation', {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    expect(json.status).toBe(415);
    expect((await revoke('', 'simple_client')).body.error).toBe('invalid_request');
  });
});
