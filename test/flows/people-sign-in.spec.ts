import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AccountsModule } from '@tessera/accounts';
import { PagesModule } from '@tessera/pages';
import { Secret, sha256 } from '@tessera/token-server';
import * as client from 'openid-client';
import { PlainBrowser } from '../plain-browser.js';
import { type RunningServer, seed, startServer } from '../running-server.js';

const redirectUri = 'https://app.example.com/callback';

describe.each(['fastify', 'express'] as const)(
  'openid-client signs a person in through the pages, on %s',
  (adapter) => {
    let server: RunningServer;
    let config: client.Configuration;

    beforeAll(async () => {
      const web = {
        clientId: 'web',
        clientName: 'The Web',
        allowedGrantTypes: ['authorization_code'],
        clientSecrets: [new Secret(sha256('secret'))],
        redirectUris: [redirectUri],
        postLogoutRedirectUris: ['https://app.example.com/bye'],
        allowedScopes: ['openid', 'profile', 'api1'],
        allowOfflineAccess: true,
        requireConsent: true,
      };
      server = await startServer({
        adapter,
        options: { clients: [...seed.clients, web], imports: [AccountsModule, PagesModule] },
        tls: true,
      });
      config = await client.discovery(new URL(server.url), 'web', 'secret', undefined, {
        [client.customFetch]: server.fetch,
      });
    });
    afterAll(() => server.close());

    async function authorize(more: Record<string, string> = {}) {
      const [verifier, state, nonce] = [client.randomPKCECodeVerifier(), client.randomState(), client.randomNonce()];
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: 'openid profile api1 offline_access',
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
        ...more,
      });
      return { url, checks: { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce } };
    }

    test('with a password and consent; then userinfo, refresh, silently again, and out', async () => {
      const browser = new PlainBrowser(server);
      const { url, checks } = await authorize();
      const signIn = await browser.open(url);
      expect(signIn.html).toContain('The Web');
      const wrong = await browser.submit(signIn, { username: 'alice', password: 'wrong' });
      expect(wrong.url.pathname).toBe('/signin');
      const consent = await browser.submit(wrong, { username: 'alice', password: 'alice' });
      expect(consent.url.pathname).toBe('/consent');
      const back = await browser.submit(consent, { decision: 'allow', remember: 'yes' });
      expect(`${back.url.origin}${back.url.pathname}`).toBe(redirectUri);

      const tokens = await client.authorizationCodeGrant(config, back.url, checks);
      expect(tokens.claims()).toMatchObject({ sub: '1', aud: 'web', amr: ['pwd'] });
      expect(await client.fetchUserInfo(config, tokens.access_token, '1')).toMatchObject({ sub: '1' });

      const silent = await authorize({ prompt: 'none', scope: 'openid' });
      const again = await browser.open(silent.url);
      const second = await client.authorizationCodeGrant(config, again.url, silent.checks);
      expect(second.claims()?.sid).toBe(tokens.claims()?.sid);

      const out = client.buildEndSessionUrl(config, {
        id_token_hint: tokens.id_token!,
        post_logout_redirect_uri: 'https://app.example.com/bye',
        state: 'a state',
      });
      expect((await browser.open(out)).url.href).toBe('https://app.example.com/bye?state=a+state');
      const after = await browser.open((await authorize({ prompt: 'none' })).url);
      expect(after.url.searchParams.get('error')).toBe('login_required');
    });

    test('who goes back without signing in is told so by the client', async () => {
      const browser = new PlainBrowser(server);
      const { url, checks } = await authorize();
      const page = await browser.open(url);
      const back = await browser.submit(page, { action: 'cancel' });
      await expect(client.authorizationCodeGrant(config, back.url, checks)).rejects.toMatchObject({
        error: 'access_denied',
      });
    });

    test('a form that was not given to the browser signs nobody in (login CSRF)', async () => {
      const mine = new PlainBrowser(server);
      const page = await mine.open((await authorize()).url);
      const theirs = new PlainBrowser(server);
      const answer = await theirs.submit(page, { username: 'bob', password: 'bob' });
      expect(answer.url.pathname).toBe('/signin');
      const silent = await theirs.open((await authorize({ prompt: 'none' })).url);
      expect(silent.url.searchParams.get('error')).toBe('login_required');
    });
  },
);
