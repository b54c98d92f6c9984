import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AccountsModule } from '@tessera/accounts';
import { PagesModule } from '@tessera/pages';
import { type ClientInit, Secret, sha256 } from '@tessera/token-server';
import { type CryptoKey, exportJWK, generateKeyPair } from 'jose';
import * as oauth from 'oauth4webapi';
import * as client from 'openid-client';
import { PlainBrowser } from '../plain-browser.js';
import { type RunningServer, seed, startServer } from '../running-server.js';

const redirectUri = 'https://app.example.com/callback';

let server: RunningServer;
let key: CryptoKey;
beforeAll(async () => {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  key = privateKey;
  const jwk = { ...(await exportJWK(publicKey)), kty: 'EC', kid: 'one', alg: 'ES256', use: 'sig' };
  const web: Omit<ClientInit, 'clientId'> = {
    clientName: 'The Web',
    allowedGrantTypes: ['authorization_code'],
    clientSecrets: [new Secret(sha256('secret'))],
    redirectUris: [redirectUri],
    allowedScopes: ['openid', 'profile', 'api1'],
    requireConsent: true,
  };
  const clients = [
    ...seed.clients,
    { ...web, clientId: 'pushing', requirePushedAuthorization: true },
    {
      ...web,
      clientId: 'signing',
      jwks: { keys: [jwk] },
      requireRequestObject: true,
      requireRequestObjectBounds: true,
    },
    { ...web, clientId: 'native', clientSecrets: [], requireClientSecret: false, requirePushedAuthorization: true },
  ];
  server = await startServer({ options: { clients, imports: [AccountsModule, PagesModule] }, tls: true });
});
afterAll(() => server.close());

describe('openid-client signs a person in', () => {
  const discover = (clientId: string) =>
    client.discovery(new URL(server.url), clientId, 'secret', undefined, { [client.customFetch]: server.fetch });

  async function prepare(more: Record<string, string> = {}) {
    const [verifier, state, nonce] = [client.randomPKCECodeVerifier(), client.randomState(), client.randomNonce()];
    const parameters = {
      redirect_uri: redirectUri,
      scope: 'openid profile api1',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
      ...more,
    };
    return { parameters, checks: { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce } };
  }

  /** Signs in and agrees, as a person does, and gives what the client is told. */
  async function signIn(url: URL): Promise<URL> {
    const browser = new PlainBrowser(server);
    const consent = await browser.signIn(await browser.open(url));
    expect(consent.html).toContain('The Web');
    return (await browser.submit(consent, { decision: 'allow' })).url;
  }

  test('with a pushed request (PAR)', async () => {
    const config = await discover('pushing');
    expect(config.serverMetadata().pushed_authorization_request_endpoint).toBe(`${server.url}/connect/par`);
    const { parameters, checks } = await prepare();
    const url = await client.buildAuthorizationUrlWithPAR(config, parameters);
    expect([...url.searchParams.keys()].sort()).toEqual(['client_id', 'request_uri']);
    const tokens = await client.authorizationCodeGrant(config, await signIn(url), checks);
    expect(tokens.claims()).toMatchObject({ sub: '1', aud: 'pushing' });
    expect(tokens.scope).toBe('openid profile api1');
  });

  test('with a signed request (JAR)', async () => {
    const config = await discover('signing');
    expect(config.serverMetadata().request_parameter_supported).toBe(true);
    const { parameters, checks } = await prepare({ max_age: '3600' });
    const url = await client.buildAuthorizationUrlWithJAR(config, parameters, { key, kid: 'one' });
    expect([...url.searchParams.keys()].sort()).toEqual(['client_id', 'request']);
    const tokens = await client.authorizationCodeGrant(config, await signIn(url), { ...checks, maxAge: 3600 });
    expect(tokens.claims()).toMatchObject({ sub: '1', aud: 'signing' });
  });

  test('with a signed request that is pushed (JAR within PAR)', async () => {
    const config = await discover('signing');
    const { parameters, checks } = await prepare();
    const signed = await client.buildAuthorizationUrlWithJAR(config, parameters, { key, kid: 'one' });
    const url = await client.buildAuthorizationUrlWithPAR(config, signed.searchParams);
    const tokens = await client.authorizationCodeGrant(config, await signIn(url), checks);
    expect(tokens.claims()).toMatchObject({ sub: '1', aud: 'signing' });
  });

  test('after a page that was loaded again, and after one that was left for another tab', async () => {
    const config = await discover('pushing');
    const { parameters, checks } = await prepare();
    const url = await client.buildAuthorizationUrlWithPAR(config, parameters);
    const browser = new PlainBrowser(server);
    await browser.open(url);
    const again = await browser.open((await browser.open(url)).url);
    const consent = await browser.signIn(again);
    const reloaded = await browser.open(consent.url);
    const back = await browser.submit(reloaded, { decision: 'allow' });
    expect((await client.authorizationCodeGrant(config, back.url, checks)).claims()?.sub).toBe('1');
  });

  test('and is told when the request is wrong, before anybody is sent anywhere', async () => {
    const { parameters } = await prepare({ scope: 'openid nonsense' });
    const pushing = client.buildAuthorizationUrlWithPAR(await discover('pushing'), parameters);
    await expect(pushing).rejects.toMatchObject({ error: 'invalid_scope', status: 400 });
  });
});

describe('oauth4webapi', () => {
  const options = () => ({ [oauth.customFetch]: server.fetch });
  const native: oauth.Client = { client_id: 'native' };

  async function discover(): Promise<oauth.AuthorizationServer> {
    const issuer = new URL(server.url);
    return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options()));
  }

  test('pushes the request of a public client, and redeems what comes of it', async () => {
    const as = await discover();
    const verifier = oauth.generateRandomCodeVerifier();
    const parameters = {
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'openid',
      state: 'a state',
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    };
    const response = await oauth.pushedAuthorizationRequest(as, native, oauth.None(), parameters, options());
    const pushed = await oauth.processPushedAuthorizationResponse(as, native, response);
    expect(pushed.expires_in).toBe(60);

    const url = new URL(as.authorization_endpoint!);
    url.search = new URLSearchParams({ client_id: 'native', request_uri: pushed.request_uri }).toString();
    const browser = new PlainBrowser(server);
    const consent = await browser.signIn(await browser.open(url));
    const back = await browser.submit(consent, { decision: 'allow' });

    const answer = oauth.validateAuthResponse(as, native, back.url, 'a state');
    const redeemed = await oauth.authorizationCodeGrantRequest(
      as,
      native,
      oauth.None(),
      answer,
      redirectUri,
      verifier,
      options(),
    );
    const tokens = await oauth.processAuthorizationCodeResponse(as, native, redeemed);
    expect(oauth.getValidatedIdTokenClaims(tokens)?.sub).toBe('1');
  });

  test('is told that a wrong secret pushes nothing', async () => {
    const as = await discover();
    const other = { client_id: 'pushing' };
    const secret = oauth.ClientSecretPost('wrong');
    const response = await oauth.pushedAuthorizationRequest(as, other, secret, { response_type: 'code' }, options());
    await expect(oauth.processPushedAuthorizationResponse(as, other, response)).rejects.toMatchObject({
      status: 401,
      cause: [{ scheme: 'basic' }],
    });
  });
});
