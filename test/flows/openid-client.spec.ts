import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as client from 'openid-client';
import type { RunningServer } from '../running-server.js';
import { servers } from './servers.js';

describe.each(servers)('openid-client with %s', (_name, algorithm, start) => {
  let server: RunningServer;

  beforeAll(async () => {
    server = await start();
  });

  afterAll(() => server.close());

  /** Nothing but what every user of the library writes; the fetch trusts the development certificate. */
  function discover(clientId: string, authentication?: client.ClientAuth): Promise<client.Configuration> {
    return client.discovery(new URL(server.url), clientId, 'secret', authentication, {
      [client.customFetch]: server.fetch,
    });
  }

  async function signIn(config: client.Configuration, scope = 'openid profile api1 offline_access') {
    return client.genericGrantRequest(config, 'password', { username: 'alice', password: 'alice', scope });
  }

  test('finds the server by its issuer, by both names of the metadata', async () => {
    const config = await discover('simple_client');
    expect(config.serverMetadata()).toMatchObject({
      issuer: server.url,
      token_endpoint: `${server.url}/connect/token`,
    });

    const oauth = await client.discovery(new URL(server.url), 'simple_client', 'secret', undefined, {
      algorithm: 'oauth2',
      [client.customFetch]: server.fetch,
    });
    expect(oauth.serverMetadata().issuer).toBe(server.url);
  });

  test.each([
    ['Basic', client.ClientSecretBasic],
    ['post', client.ClientSecretPost],
  ])('gets a token for itself, authenticated by %s', async (_method, authentication) => {
    const config = await discover('simple_client', authentication('secret'));
    const tokens = await client.clientCredentialsGrant(config, { scope: 'api1' });
    expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 3600, scope: 'api1' });
    expect(tokens.refresh_token).toBeUndefined();
    expect(tokens.id_token).toBeUndefined();
  });

  test('is told that its secret is wrong', async () => {
    const config = await discover('simple_client', client.ClientSecretBasic('wrong'));
    await expect(client.clientCredentialsGrant(config)).rejects.toMatchObject({
      code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE',
      status: 401,
    });
    const posting = await discover('simple_client', client.ClientSecretPost('wrong'));
    await expect(client.clientCredentialsGrant(posting)).rejects.toMatchObject({ status: 401 });
  });

  test('checks the signature of the id_token, and finds the person in it', async () => {
    const config = await discover('ropg_client');
    client.enableNonRepudiationChecks(config);
    const tokens = await signIn(config);
    expect(tokens.scope).toBe('openid profile api1 offline_access');
    expect(tokens.claims()).toMatchObject({ iss: server.url, sub: '1', aud: 'ropg_client', amr: ['pwd'] });
    const [header] = tokens.id_token!.split('.');
    expect(JSON.parse(Buffer.from(header!, 'base64url').toString())).toMatchObject({ alg: algorithm });
  });

  test('is told that a password is wrong', async () => {
    const config = await discover('ropg_client');
    const wrong = client.genericGrantRequest(config, 'password', { username: 'alice', password: 'bob' });
    await expect(wrong).rejects.toMatchObject({ error: 'invalid_grant', status: 400 });
  });

  test('reads about the person at userinfo', async () => {
    const config = await discover('ropg_client');
    const tokens = await signIn(config);
    const person = await client.fetchUserInfo(config, tokens.access_token, tokens.claims()!.sub);
    expect(person).toMatchObject({ sub: '1', name: 'Alice Smith', given_name: 'Alice' });
    await expect(client.fetchUserInfo(config, 'nonsense', '1')).rejects.toMatchObject({ status: 401 });
  });

  test('refreshes: each refresh token gives the next, with the same person in the id_token', async () => {
    const config = await discover('ropg_client');
    client.enableNonRepudiationChecks(config);
    const first = await signIn(config);
    const second = await client.refreshTokenGrant(config, first.refresh_token!);
    const third = await client.refreshTokenGrant(config, second.refresh_token!);
    expect(new Set([first, second, third].map((tokens) => tokens.refresh_token)).size).toBe(3);
    expect(new Set([first, second, third].map((tokens) => tokens.access_token)).size).toBe(3);
    expect(third.claims()).toMatchObject({ sub: '1', auth_time: first.claims()!.auth_time });

    const narrower = await client.refreshTokenGrant(config, third.refresh_token!, { scope: 'openid' });
    expect(narrower.scope).toBe('openid');
  });

  test('is given the same answer again when it repeats a refresh, because the first answer may be lost', async () => {
    const config = await discover('ropg_client');
    const { refresh_token } = await signIn(config);
    const once = await client.refreshTokenGrant(config, refresh_token!);
    const again = await client.refreshTokenGrant(config, refresh_token!);
    expect({ ...again }).toEqual({ ...once });
  });

  test('asks about its own tokens, and the API about those that are meant for it', async () => {
    const config = await discover('ropg_client');
    const api = await discover('api1');
    const tokens = await signIn(config);
    expect(await client.tokenIntrospection(config, tokens.access_token)).toMatchObject({
      active: true,
      client_id: 'ropg_client',
      sub: '1',
      aud: 'api1',
      iss: server.url,
    });
    expect(await client.tokenIntrospection(config, tokens.refresh_token!)).toMatchObject({ active: true, sub: '1' });
    expect(await client.tokenIntrospection(api, tokens.access_token)).toMatchObject({ active: true, aud: 'api1' });
    expect(await client.tokenIntrospection(api, tokens.refresh_token!)).toEqual({ active: false });
    expect(await client.tokenIntrospection(await discover('simple_client'), tokens.access_token)).toEqual({
      active: false,
    });
  });

  test('gives tokens back: a revoked token is no longer active', async () => {
    const config = await discover('ropg_client');
    const tokens = await signIn(config);
    await client.tokenRevocation(config, tokens.access_token);
    expect(await client.tokenIntrospection(config, tokens.access_token)).toEqual({ active: false });
    expect(await client.tokenIntrospection(config, tokens.refresh_token!)).toMatchObject({ active: true });

    await client.tokenRevocation(config, tokens.refresh_token!, { token_type_hint: 'refresh_token' });
    expect(await client.tokenIntrospection(config, tokens.refresh_token!)).toEqual({ active: false });
    await expect(client.refreshTokenGrant(config, tokens.refresh_token!)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });
});
