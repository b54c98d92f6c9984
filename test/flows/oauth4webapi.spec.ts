import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as oauth from 'oauth4webapi';
import type { RunningServer } from '../running-server.js';
import { servers } from './servers.js';

describe.each(servers)('oauth4webapi with %s', (_name, algorithm, start) => {
  let server: RunningServer;
  let as: oauth.AuthorizationServer;
  let options: { [oauth.customFetch]: typeof fetch };
  const simple: oauth.Client = { client_id: 'simple_client' };
  const ropg: oauth.Client = { client_id: 'ropg_client' };
  const secret = oauth.ClientSecretBasic('secret');

  beforeAll(async () => {
    server = await start();
    // The fetch trusts the development certificate; nothing else is set.
    options = { [oauth.customFetch]: server.fetch };
    const issuer = new URL(server.url);
    as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options));
  });

  afterAll(() => server.close());

  async function signIn(scope = 'openid profile api1 offline_access'): Promise<oauth.TokenEndpointResponse> {
    const person = { username: 'bob', password: 'bob', scope };
    const response = await oauth.genericTokenEndpointRequest(as, ropg, secret, 'password', person, options);
    const tokens = await oauth.processGenericTokenEndpointResponse(as, ropg, response);
    await oauth.validateApplicationLevelSignature(as, response, options);
    return tokens;
  }

  async function introspect(client: oauth.Client, token: string): Promise<oauth.IntrospectionResponse> {
    const response = await oauth.introspectionRequest(as, client, secret, token, options);
    return oauth.processIntrospectionResponse(as, client, response);
  }

  function requestWith(token: string): Request {
    return new Request('https://api.example.com/orders', { headers: { authorization: `Bearer ${token}` } });
  }

  test('finds the same metadata under both names', async () => {
    const issuer = new URL(server.url);
    const response = await oauth.discoveryRequest(issuer, { ...options, algorithm: 'oauth2' });
    expect(await oauth.processDiscoveryResponse(issuer, response)).toEqual(as);
    expect(as.id_token_signing_alg_values_supported).toContain(algorithm);
  });

  test.each([
    ['Basic', oauth.ClientSecretBasic],
    ['post', oauth.ClientSecretPost],
  ])('gets a token for itself, authenticated by %s', async (_method, authentication) => {
    const form = new URLSearchParams({ scope: 'api1' });
    const response = await oauth.clientCredentialsGrantRequest(as, simple, authentication('secret'), form, options);
    const tokens = await oauth.processClientCredentialsResponse(as, simple, response);
    expect(tokens).toMatchObject({ token_type: 'bearer', scope: 'api1', expires_in: 3600 });
  });

  test('validates the access token as an API does (RFC 9068)', async () => {
    const { access_token } = await signIn();
    const claims = await oauth.validateJwtAccessToken(as, requestWith(access_token), 'api1', options);
    expect(claims).toMatchObject({ iss: server.url, sub: '2', client_id: 'ropg_client', aud: 'api1' });
    expect(claims.scope).toBe('openid profile api1 offline_access');

    const form = new URLSearchParams();
    const response = await oauth.clientCredentialsGrantRequest(as, simple, secret, form, options);
    const own = await oauth.processClientCredentialsResponse(as, simple, response);
    const ownClaims = await oauth.validateJwtAccessToken(as, requestWith(own.access_token), 'api1', options);
    expect(ownClaims).toMatchObject({ sub: 'simple_client', client_id: 'simple_client' });
  });

  test('refuses the id_token and a token for somebody else where an access token is due', async () => {
    const { access_token, id_token } = await signIn();
    await expect(oauth.validateJwtAccessToken(as, requestWith(id_token!), 'ropg_client', options)).rejects.toThrow();
    await expect(oauth.validateJwtAccessToken(as, requestWith(access_token), 'api2', options)).rejects.toThrow();
  });

  test('checks the signature of the id_token and reads userinfo about the same person', async () => {
    const tokens = await signIn();
    const { sub } = oauth.getValidatedIdTokenClaims(tokens)!;
    const response = await oauth.userInfoRequest(as, ropg, tokens.access_token, options);
    expect(await oauth.processUserInfoResponse(as, ropg, sub, response)).toMatchObject({ sub: '2', name: 'Bob Smith' });
  });

  test('refreshes, and is refused a scope that the person was not asked for', async () => {
    const { refresh_token } = await signIn('openid offline_access');
    const wider = { ...options, additionalParameters: { scope: 'openid api1' } };
    const refused = await oauth.refreshTokenGrantRequest(as, ropg, secret, refresh_token!, wider);
    await expect(oauth.processRefreshTokenResponse(as, ropg, refused)).rejects.toMatchObject({
      error: 'invalid_scope',
    });

    const response = await oauth.refreshTokenGrantRequest(as, ropg, secret, refresh_token!, options);
    const tokens = await oauth.processRefreshTokenResponse(as, ropg, response);
    await oauth.validateApplicationLevelSignature(as, response, options);
    expect(tokens.refresh_token).not.toBe(refresh_token);
    expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({ sub: '2' });
  });

  test('asks about tokens and gives them back', async () => {
    const { access_token, refresh_token } = await signIn();
    expect(await introspect(ropg, access_token)).toMatchObject({ active: true, sub: '2' });
    expect(await introspect({ client_id: 'api1' }, access_token)).toMatchObject({ active: true, aud: 'api1' });

    for (const token of [access_token, refresh_token!]) {
      await oauth.processRevocationResponse(await oauth.revocationRequest(as, ropg, secret, token, options));
      expect(await introspect(ropg, token)).toEqual({ active: false });
    }
  });
});
