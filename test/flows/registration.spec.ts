import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AccountsModule } from '@tessera/accounts';
import { PagesModule } from '@tessera/pages';
import { Secret, sha256 } from '@tessera/token-server';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import * as oauth from 'oauth4webapi';
import * as client from 'openid-client';
import { PlainBrowser } from '../plain-browser.js';
import { type RunningServer, seed, startServer } from '../running-server.js';
import { CodeFlow } from './code-flow.js';

const redirectUri = 'https://app.example.com/callback';
const initialAccessToken = 'an-initial-access-token';

describe('A client registers itself, signs a person in and goes again', () => {
  let server: RunningServer;
  let as: oauth.AuthorizationServer;
  let options: { [oauth.customFetch]: typeof fetch };
  const authority = generateKeyPair('ES256');

  beforeAll(async () => {
    const key = { ...(await exportJWK((await authority).publicKey)), kid: 'one' };
    server = await startServer({
      tls: true,
      options: {
        clients: seed.clients,
        imports: [AccountsModule, PagesModule],
        registration: {
          mode: 'initial-access-token',
          initialAccessTokens: [{ name: 'specs', secret: new Secret(sha256(initialAccessToken)) }],
          policy: {
            grantTypes: ['authorization_code', 'refresh_token'],
            scopes: ['openid', 'profile', 'api1'],
            redirectHosts: ['.example.com'],
          },
          softwareStatements: { issuers: [{ issuer: 'https://vendors.example.com', keys: [key] }] },
        },
      },
    });
    options = { [oauth.customFetch]: server.fetch };
    const issuer = new URL(server.url);
    as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options));
  });
  afterAll(() => server.close());

  async function signIn(url: URL): Promise<URL> {
    const browser = new PlainBrowser(server);
    const consent = await browser.signIn(await browser.open(url));
    expect(consent.url.pathname).toBe('/consent');
    expect(consent.text).toContain('app.example.com');
    return (await browser.submit(consent, { decision: 'allow' })).url;
  }

  test('with openid-client: registration, code flow with consent, refresh, and the end of both', async () => {
    const config = await client.dynamicClientRegistration(
      new URL(server.url),
      {
        client_name: 'The registered',
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: 'client_secret_post',
      },
      undefined,
      { initialAccessToken, [client.customFetch]: server.fetch },
    );
    const registered = config.clientMetadata();
    const [verifier, state, nonce] = [client.randomPKCECodeVerifier(), client.randomState(), client.randomNonce()];
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope: 'openid profile offline_access',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    });
    const tokens = await client.authorizationCodeGrant(config, await signIn(url), {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
    });
    expect(tokens.claims()).toMatchObject({ sub: '1', aud: registered.client_id });
    expect(await client.fetchUserInfo(config, tokens.access_token, '1')).toMatchObject({ name: 'Alice Smith' });
    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token!);

    const gone = await server.fetch(registered.registration_client_uri as string, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${registered.registration_access_token as string}` },
    });
    expect(gone.status).toBe(204);
    // RFC 7592 §2.3: nothing that was granted to it works any more.
    await expect(client.refreshTokenGrant(config, refreshed.refresh_token!)).rejects.toMatchObject({ status: 401 });
    await expect(client.fetchUserInfo(config, refreshed.access_token, '1')).rejects.toMatchObject({ status: 401 });
    expect((await new PlainBrowser(server).open(url)).text).toContain('not known here');
  });

  test('with oauth4webapi: a key of its own instead of a secret (private_key_jwt)', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const response = await oauth.dynamicClientRegistrationRequest(
      as,
      {
        redirect_uris: [redirectUri],
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: 'mine', alg: 'ES256' }] },
        scope: 'openid profile',
      },
      { initialAccessToken, ...options },
    );
    const registered = await oauth.processDynamicClientRegistrationResponse(response);
    expect(registered.client_secret).toBeUndefined();
    const authentication = oauth.PrivateKeyJwt({ key: privateKey, kid: 'mine' });
    const flow = new CodeFlow(as, server.fetch, { clientId: registered.client_id, redirectUri, authentication });
    const tokens = await flow.redeem(flow.callback(await signIn(await flow.url())));
    expect(oauth.getValidatedIdTokenClaims(tokens)?.aud).toBe(registered.client_id);
  });

  test('with a software statement, whose claims count more than what the client says (RFC 7591 §2.3)', async () => {
    const statement = await new SignJWT({ client_name: 'What the vendor calls it', software_id: 'v-1' })
      .setProtectedHeader({ alg: 'ES256', kid: 'one' })
      .setIssuer('https://vendors.example.com')
      .setExpirationTime('5m')
      .sign((await authority).privateKey);
    const response = await oauth.dynamicClientRegistrationRequest(
      as,
      { redirect_uris: [redirectUri], client_name: 'Another', software_statement: statement },
      { initialAccessToken, ...options },
    );
    expect(await oauth.processDynamicClientRegistrationResponse(response)).toMatchObject({
      client_name: 'What the vendor calls it',
      software_id: 'v-1',
      software_statement: statement,
    });
  });
});
