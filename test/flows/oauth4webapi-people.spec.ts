import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AccountsModule } from '@tessera/accounts';
import { PagesModule } from '@tessera/pages';
import { type ClientInit, Secret, sha256 } from '@tessera/token-server';
import * as oauth from 'oauth4webapi';
import { freePort } from '../../libs/typeorm-store/src/testing/free-port.fixture.js';
import { formOf, PlainBrowser } from '../plain-browser.js';
import { type RunningServer, startServer } from '../running-server.js';
import { CodeFlow } from './code-flow.js';
import { fetchOfPage } from './fetch-of-page.js';

const callbackOf = (host: string) => `https://${host}.example.com/callback`;
const origin = 'https://spa.example.com';

function client(clientId: string, more: Partial<ClientInit> = {}): ClientInit {
  return {
    clientId,
    allowedGrantTypes: ['authorization_code'],
    clientSecrets: [new Secret(sha256('secret'))],
    redirectUris: [callbackOf(clientId)],
    allowedScopes: ['openid', 'profile', 'api1'],
    allowOfflineAccess: true,
    ...more,
  };
}

const isPublic = { clientSecrets: [], requireClientSecret: false };
const isPairwise = { subjectType: 'pairwise', pairwiseSubjectSalt: 'a salt of sixteen letters' } as const;

const clients = [
  client('web'),
  client('signed', { userinfoSignedResponseAlg: 'ES256' }),
  client('hybrid', { allowedGrantTypes: ['hybrid'] }),
  client('desktop', { ...isPublic, redirectUris: ['http://127.0.0.1/callback'] }),
  client('phone', { ...isPublic, redirectUris: ['com.example.phone:/callback'] }),
  client('spa', { ...isPublic, allowedCorsOrigins: [origin] }),
  client('shop', isPairwise),
  client('forum', isPairwise),
];

describe.each(['fastify', 'express'] as const)('oauth4webapi signs a person in, on %s', (adapter) => {
  let server: RunningServer;
  let as: oauth.AuthorizationServer;
  let options: { [oauth.customFetch]: typeof fetch };
  const secret = oauth.ClientSecretBasic('secret');

  beforeAll(async () => {
    server = await startServer({
      adapter,
      options: { clients, imports: [AccountsModule, PagesModule], signingAlgorithms: ['ES256'] },
      tls: true,
    });
    options = { [oauth.customFetch]: server.fetch };
    const issuer = new URL(server.url);
    as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options));
  });
  afterAll(() => server.close());

  function flowOf(clientId: string, more: Partial<ConstructorParameters<typeof CodeFlow>[2]> = {}): CodeFlow {
    return new CodeFlow(as, server.fetch, { clientId, redirectUri: callbackOf(clientId), ...more });
  }

  /** Sends alice through the pages. Gives what the browser shows in the end. */
  async function goThrough(flow: CodeFlow, more: Record<string, string> = {}, browser = new PlainBrowser(server)) {
    return browser.signIn(await browser.open(await flow.url(more)));
  }

  async function signIn(flow: CodeFlow): Promise<oauth.TokenEndpointResponse> {
    return flow.redeem(flow.callback((await goThrough(flow)).url));
  }

  async function userinfo(client: oauth.Client, tokens: oauth.TokenEndpointResponse) {
    const { sub } = oauth.getValidatedIdTokenClaims(tokens)!;
    const response = await oauth.userInfoRequest(as, client, tokens.access_token, options);
    const claims = await oauth.processUserInfoResponse(as, client, sub, response);
    return { response, claims };
  }

  test('reads userinfo, refreshes and gives the tokens back', async () => {
    const flow = flowOf('web', { scope: 'openid profile api1 offline_access' });
    const tokens = await signIn(flow);
    expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({ iss: server.url, sub: '1', amr: ['pwd'] });
    expect((await userinfo(flow.client, tokens)).claims).toMatchObject({ sub: '1', name: 'Alice Smith' });

    const refresh = await oauth.refreshTokenGrantRequest(as, flow.client, secret, tokens.refresh_token!, options);
    const refreshed = await oauth.processRefreshTokenResponse(as, flow.client, refresh);
    expect(refreshed.scope).toBe('openid profile api1 offline_access');
    await oauth.processRevocationResponse(
      await oauth.revocationRequest(as, flow.client, secret, refreshed.refresh_token!, options),
    );
    const again = await oauth.refreshTokenGrantRequest(as, flow.client, secret, refreshed.refresh_token!, options);
    await expect(oauth.processRefreshTokenResponse(as, flow.client, again)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  test('finds iss and state in every answer, also in an error (RFC 9207 §2)', async () => {
    const flow = flowOf('web');
    const { url } = await new PlainBrowser(server).open(await flow.url({ prompt: 'none' }));
    expect(url.searchParams.get('iss')).toBe(server.url);
    expect(() => flow.callback(url)).toThrow(expect.objectContaining({ error: 'login_required' }));

    const back = await goThrough(flow);
    expect(() => flowOf('web').callback(back.url)).toThrow(/"state"/);
    back.url.searchParams.set('iss', 'https://evil.example.com');
    expect(() => flow.callback(back.url)).toThrow(/"iss"/);
  });

  test('has the person sign in anew for max_age=0, and silently otherwise', async () => {
    const [browser, first, again] = [new PlainBrowser(server), flowOf('web'), flowOf('web')];
    await goThrough(first, {}, browser);
    expect((await browser.open(await again.url({ max_age: '300' }))).url.origin).toBe('https://web.example.com');
    const page = await browser.open(await again.url({ max_age: '0' }));
    expect(page.url.pathname).toBe('/signin');
    const tokens = await again.redeem(again.callback((await browser.signIn(page, 'bob')).url));
    expect(oauth.getValidatedIdTokenClaims(tokens)?.sub).toBe('2');
  });

  test('a code counts once and with its proof key; used twice, its tokens are worth nothing (RFC 6749 §4.1.2)', async () => {
    const [flow, other] = [flowOf('web'), flowOf('web')];
    const back = flow.callback((await goThrough(flow)).url);
    // A code that somebody slips into another sign-in of the same client (RFC 7636 §1).
    await expect(other.redeem(back)).rejects.toMatchObject({ error: 'invalid_grant' });

    const unspoilt = flow.callback((await goThrough(flow)).url);
    const tokens = await flow.redeem(unspoilt);
    await expect(flow.redeem(unspoilt)).rejects.toMatchObject({ error: 'invalid_grant' });
    const response = await oauth.userInfoRequest(as, flow.client, tokens.access_token, options);
    expect(response.status).toBe(401);
  });

  test('verifies userinfo that is a signed JWT (OpenID Connect Core §5.3.2)', async () => {
    const flow = flowOf('signed');
    const tokens = await signIn(flow);
    const { response, claims } = await userinfo({ ...flow.client, userinfo_signed_response_alg: 'ES256' }, tokens);
    expect(response.headers.get('content-type')).toMatch(/^application\/jwt/);
    await oauth.validateApplicationLevelSignature(as, response, options);
    expect(claims).toMatchObject({ iss: server.url, aud: 'signed', sub: '1', name: 'Alice Smith' });
  });

  test('takes code and id_token in the fragment, bound to each other by c_hash (OpenID Connect Core §3.3)', async () => {
    const flow = flowOf('hybrid');
    const back = await goThrough(flow, { response_type: 'code id_token' });
    expect(back.url.search).toBe('');
    const [nonce, state, maxAge] = [flow.nonce, flow.state, 300];
    const callback = await oauth.validateCodeIdTokenResponse(as, flow.client, back.url, nonce, state, maxAge, options);
    expect(oauth.getValidatedIdTokenClaims(await flow.redeem(callback))?.sub).toBe('1');
    const swapped = new URL(back.url);
    const parameters = new URLSearchParams(swapped.hash.slice(1));
    parameters.set('code', 'of-somebody-else');
    swapped.hash = parameters.toString();
    await expect(
      oauth.validateCodeIdTokenResponse(as, flow.client, swapped, nonce, state, maxAge, options),
    ).rejects.toThrow(/c_hash/);
  });

  test('is answered by a form that the browser posts (OAuth 2.0 Form Post Response Mode)', async () => {
    const flow = flowOf('web');
    const { action, body } = formOf(await goThrough(flow, { response_mode: 'form_post' }));
    expect(action.href).toBe(callbackOf('web'));
    expect(oauth.getValidatedIdTokenClaims(await flow.redeem(flow.callback(body)))?.sub).toBe('1');
  });

  describe('as an application on the device, which has no secret', () => {
    /** Another program could listen where the answer goes, so the person is asked each time (RFC 8252 §8.6). */
    async function agree(flow: CodeFlow, browser = new PlainBrowser(server)) {
      const page = await browser.open(await flow.url());
      const consent = page.url.pathname === '/signin' ? await browser.signIn(page) : page;
      expect(consent.url.pathname).toBe('/consent');
      return browser.submit(consent, { decision: 'allow' });
    }

    test('listens on a port that it is given (RFC 8252 §7.3)', async () => {
      const browser = new PlainBrowser(server);
      for (const port of [await freePort(), await freePort()]) {
        const redirectUri = `http://127.0.0.1:${port}/callback`;
        const flow = flowOf('desktop', { redirectUri, authentication: oauth.None() });
        const back = await agree(flow, browser);
        expect(`${back.url.origin}${back.url.pathname}`).toBe(redirectUri);
        expect(oauth.getValidatedIdTokenClaims(await flow.redeem(flow.callback(back.url)))?.aud).toBe('desktop');
      }
    });

    test('redeems a code for the very port that it was sent to, and no other path is let in', async () => {
      const [one, other] = [await freePort(), await freePort()].map((port) => `http://127.0.0.1:${port}/callback`);
      const flow = flowOf('desktop', { redirectUri: one, authentication: oauth.None() });
      const back = flow.callback((await agree(flow)).url);
      await expect(flow.redeem(back, other)).rejects.toMatchObject({ error: 'invalid_grant' });

      const elsewhere = flowOf('desktop', { redirectUri: `${one}/else` });
      const page = await new PlainBrowser(server).open(await elsewhere.url());
      expect([page.url.origin, page.status]).toEqual([server.url, 400]);
    });

    test('is called by a scheme of its own (RFC 8252 §7.1)', async () => {
      const redirectUri = 'com.example.phone:/callback';
      const flow = flowOf('phone', { redirectUri, authentication: oauth.None() });
      const back = await agree(flow);
      expect([back.url.protocol, back.url.pathname]).toEqual(['com.example.phone:', '/callback']);
      expect(oauth.getValidatedIdTokenClaims(await flow.redeem(flow.callback(back.url)))?.sub).toBe('1');
    });
  });

  test('as a page of scripts it is let in from its own origin (CORS)', async () => {
    const fromPage = fetchOfPage(server, origin);
    const flow = new CodeFlow(as, fromPage, {
      clientId: 'spa',
      redirectUri: callbackOf('spa'),
      authentication: oauth.None(),
    });
    const tokens = await flow.redeem(flow.callback((await goThrough(flow)).url));
    const options = { [oauth.customFetch]: fromPage };
    const answer = await oauth.userInfoRequest(as, flow.client, tokens.access_token, options);
    expect(await oauth.processUserInfoResponse(as, flow.client, '1', answer)).toMatchObject({ name: 'Alice Smith' });
  });

  test('a page of another origin reads no token and no userinfo (CORS)', async () => {
    const fromElsewhere = fetchOfPage(server, 'https://evil.example.com');
    const flow = new CodeFlow(as, fromElsewhere, {
      clientId: 'spa',
      redirectUri: callbackOf('spa'),
      authentication: oauth.None(),
    });
    const back = flow.callback((await goThrough(flow)).url);
    await expect(flow.redeem(back)).rejects.toThrow('Failed to fetch');
    const options = { [oauth.customFetch]: fromElsewhere };
    await expect(oauth.userInfoRequest(as, flow.client, 'any-token', options)).rejects.toThrow('Failed to fetch');
  });

  test('knows a person by a name that another sector cannot match, the same each time (OpenID Connect Core §8.1)', async () => {
    const subOf = async (clientId: string) => {
      const flow = flowOf(clientId);
      const tokens = await signIn(flow);
      return (await userinfo(flow.client, tokens)).claims.sub;
    };
    const [shop, again, forum] = [await subOf('shop'), await subOf('shop'), await subOf('forum')];
    expect(again).toBe(shop);
    expect(new Set([shop, forum, '1']).size).toBe(3);
  });
});
