import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { AccountsModule } from '@tessera/accounts';
import { PagesModule } from '@tessera/pages';
import { UserStore } from '@tessera/token-server';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { formOf, PlainBrowser, type Shown } from '../plain-browser.js';
import { FakeClock, type RunningServer, seed, startServer } from '../running-server.js';
import { endSession, metadataOf, RelyingParty } from './logout-relying-party.js';

const web = new RelyingParty('web');
const shop = new RelyingParty('shop');
const pairwise = new RelyingParty('pairwise');
const native = new RelyingParty('native');
const byeWithQuery = `${web.origin}/bye?from=server`;
const clients = [
  web.registered({ clientName: 'The Web', postLogoutRedirectUris: [web.bye, byeWithQuery] }),
  shop.registered(),
  pairwise.registered({ subjectType: 'pairwise', pairwiseSubjectSalt: 'salt of sixteen characters' }),
  native.registered({ postLogoutRedirectUris: ['com.example.app:/bye'] }),
];

describe('OpenID Connect RP-Initiated Logout 1.0', () => {
  let server: RunningServer;
  let clock: FakeClock;
  let browser: PlainBrowser;

  beforeAll(async () => {
    clock = new FakeClock();
    server = await startServer({
      clock,
      tls: true,
      options: { clients: [...seed.clients, ...clients], imports: [AccountsModule, PagesModule] },
    });
  });
  beforeEach(() => {
    browser = new PlainBrowser(server);
  });
  afterAll(() => server.close());

  const signIn = (username = 'alice', party = web) => party.signIn(server, browser, { username });

  /** Nobody was sent anywhere, and nobody was signed out. */
  async function expectRefused(shown: Shown) {
    expect([shown.url.origin, shown.status]).toEqual([server.url, 400]);
    expect(shown.text).toContain('Something went wrong');
    expect(await web.silentError(browser)).toBe('none');
  }

  async function expectAsked(shown: Shown) {
    expect([shown.url.pathname, shown.status]).toEqual(['/signout', 200]);
    expect(shown.text).toContain('Sign out?');
    expect(await web.silentError(browser)).toBe('none');
  }

  async function expectSignedOutPage(shown: Shown) {
    expect([shown.url.origin, shown.url.pathname, shown.status]).toEqual([server.url, '/signedout', 200]);
    expect(shown.text).toContain('You are signed out');
    expect(await web.silentError(browser)).toBe('login_required');
  }

  describe('oidcc-rp-initiated-logout-discovery-endpoint-verification', () => {
    test('every endpoint of the metadata is https, end_session_endpoint among them (§2.1)', async () => {
      const metadata = await metadataOf(server);
      expect(metadata.end_session_endpoint).toBe(`${server.url}/connect/endsession`);
      const addresses = Object.entries(metadata).filter(([name]) => /_endpoint$|_uri$|_iframe$/.test(name));
      expect(addresses.length).toBeGreaterThan(5);
      expect(addresses.filter(([, value]) => !String(value).startsWith('https://'))).toEqual([]);
    });
  });

  describe('oidcc-rp-initiated-logout', () => {
    test('signs out and leads to post_logout_redirect_uri with state and nothing else (§2, §3)', async () => {
      const { idToken } = await signIn();
      const request = { id_token_hint: idToken, post_logout_redirect_uri: web.bye, state: 'state1' };
      expect((await endSession(browser, request)).url.href).toBe(`${web.bye}?state=state1`);
      expect(await web.silentError(browser)).toBe('login_required');
    });

    test('-no-state: leads back without a state where the request brought none (§2)', async () => {
      const { idToken } = await signIn();
      const request = { id_token_hint: idToken, post_logout_redirect_uri: web.bye };
      expect((await endSession(browser, request)).url.href).toBe(web.bye);
      expect(await web.silentError(browser)).toBe('login_required');
    });

    test.each([
      ['without id_token_hint, and without a client (-no-id-token-hint)', { post_logout_redirect_uri: web.bye }],
      [
        'to an address that is not registered (-bad-post-logout-redirect-uri)',
        { client_id: 'web', post_logout_redirect_uri: `${web.origin}/bad` },
      ],
      [
        'with a query added (-query-added-to-post-logout-redirect-uri)',
        { client_id: 'web', post_logout_redirect_uri: `${web.bye}?foo=bar` },
      ],
    ])('leads nobody back %s (§3)', async (_how, { client_id, ...params }: Record<string, string>) => {
      const { idToken } = await signIn();
      const hint: Record<string, string> = client_id === undefined ? {} : { id_token_hint: idToken };
      await expectRefused(await endSession(browser, { ...hint, ...params, state: 'state1' }));
    });

    test.each([
      ['-no-params', {}],
      ['-only-state', { state: 'state1' }],
    ])('%s: asks, signs out and says so on a page (§2)', async (_module, params) => {
      await signIn();
      const asked = await endSession(browser, params);
      await expectAsked(asked);
      await expectSignedOutPage(await browser.submit(asked));
    });

    test('-no-post-logout-redirect-uri: signs out and says so on a page (§2)', async () => {
      const { idToken } = await signIn();
      await expectSignedOutPage(await endSession(browser, { id_token_hint: idToken, state: 'state1' }));
    });
  });

  describe('id_token_hint (§2: the server MUST validate that it issued it)', () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

    async function forgeries(): Promise<Record<string, string>> {
      const { idToken, claims, header, tokens } = await signIn();
      const [head = '', payload = '', signature = ''] = idToken.split('.');
      const { privateKey, publicKey } = await generateKeyPair('RS256');
      const sign = (more: object) =>
        new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...more }).sign(privateKey);
      const symmetric = `${part({ alg: 'HS256', typ: 'JWT', kid: header.kid })}.${payload}`;
      return {
        'signed with the secret of the client (-bad-id-token-hint)': `${symmetric}.${createHmac('sha256', 'secret').update(symmetric).digest('base64url')}`,
        'without signature, alg none (-modified-id-token-hint)': `${part({ alg: 'none' })}.${payload}.`,
        'changed after it was signed': `${head}.${part({ ...claims, sub: '2' })}.${signature}`,
        'signed by somebody else under our kid': await sign({ kid: header.kid }),
        'that brings its own key': await sign({ jwk: await exportJWK(publicKey) }),
        'that is an access token': tokens.access_token,
        'that is no JWT': 'an id_token',
      };
    }

    test('one that is forged signs nobody out and leads nobody back, with and without client_id', async () => {
      for (const [kind, hint] of Object.entries(await forgeries())) {
        const request = { id_token_hint: hint, post_logout_redirect_uri: web.bye, state: 'state1' };
        for (const params of [request, { ...request, client_id: 'web' }, { id_token_hint: hint }]) {
          const { url, status } = await endSession(browser, params);
          expect([kind, url.origin, status]).toEqual([kind, server.url, 400]);
        }
      }
      expect(await web.silentError(browser)).toBe('none');
    });

    test('one that has expired is accepted while its session goes on (SHOULD)', async () => {
      const { idToken, claims } = await signIn();
      clock.advance(3600);
      expect(claims.exp).toBeLessThan(clock.now());
      const request = { id_token_hint: idToken, post_logout_redirect_uri: web.bye };
      expect((await endSession(browser, request)).url.href).toBe(web.bye);
      expect(await web.silentError(browser)).toBe('login_required');
    });

    test('one of a session that is over leads back, and is not asked about (SHOULD: "had a recent session")', async () => {
      const { idToken } = await signIn();
      clock.advance(86_400);
      const request = { id_token_hint: idToken, post_logout_redirect_uri: web.bye, state: 'late' };
      expect((await endSession(browser, request)).url.href).toBe(`${web.bye}?state=late`);
    });

    test('one of another person than the one who is signed in: the server MUST ask', async () => {
      const { idToken } = await web.signIn(server, new PlainBrowser(server), { username: 'bob' });
      await signIn('alice');
      const request = { id_token_hint: idToken, post_logout_redirect_uri: web.bye, state: 'state1' };
      const asked = await endSession(browser, request);
      await expectAsked(asked);
      expect((await browser.submit(asked)).url.href).toBe(`${web.bye}?state=state1`);
      expect(await web.silentError(browser)).toBe('login_required');
    });

    test('one with a pairwise sub is known as well', async () => {
      const { idToken, claims } = await signIn('alice', pairwise);
      expect(claims.sub).not.toBe('1');
      const request = { id_token_hint: idToken, post_logout_redirect_uri: pairwise.bye };
      expect((await endSession(browser, request)).url.href).toBe(pairwise.bye);
      expect(await pairwise.silentError(browser)).toBe('login_required');
    });

    test('one that is of another client than client_id: the server MUST verify that they match', async () => {
      const { idToken } = await signIn();
      const request = { id_token_hint: idToken, client_id: 'shop' };
      await expectRefused(await endSession(browser, { ...request, post_logout_redirect_uri: shop.bye }));
      await expectRefused(await endSession(browser, { ...request, post_logout_redirect_uri: web.bye }));
      await expectRefused(await endSession(browser, request));
    });
  });

  describe('the question (§2: the server MUST ask where no id_token_hint proves the request)', () => {
    test('names who asks and who is signed in; whoever does not answer stays signed in', async () => {
      await signIn();
      const asked = await endSession(browser, { client_id: 'web', post_logout_redirect_uri: web.bye, state: 's' });
      expect(asked.text).toContain('The Web would like to sign you out.');
      expect(asked.text).toContain('Alice Smith');
      await expectAsked(asked);
    });

    test('with client_id alone the answer leads back, with state (§3: other means of confirming the target)', async () => {
      await signIn();
      const asked = await endSession(browser, { client_id: 'web', post_logout_redirect_uri: web.bye, state: 's' });
      expect((await browser.submit(asked)).url.href).toBe(`${web.bye}?state=s`);
      expect(await web.silentError(browser)).toBe('login_required');
    });

    test('speaks the language of ui_locales', async () => {
      await signIn();
      expect((await endSession(browser, { ui_locales: 'xx fr' })).html).toContain('<html lang="fr"');
    });

    test('a link or an image of another site signs nobody out (§6)', async () => {
      await signIn();
      const image = await browser.fetch('/connect/endsession', { headers: { 'sec-fetch-dest': 'image' } }, 'cross');
      expect(image.status).toBe(303);
      await endSession(browser, { client_id: 'web', logout_hint: 'alice' });
      expect(await web.silentError(browser)).toBe('none');
    });

    test('a form that the browser was not given signs nobody out (CSRF)', async () => {
      await signIn();
      const mine = new PlainBrowser(server);
      await web.signIn(server, mine);
      const { action, body } = formOf(await endSession(mine));
      const answer = await browser.open(action, { method: 'POST', body });
      expect([answer.url.pathname, answer.status]).toEqual(['/signout', 403]);
      expect(await web.silentError(browser)).toBe('none');
    });

    test('a request that waits in one browser leads nobody back in another', async () => {
      await signIn();
      const asked = await endSession(browser, { client_id: 'web', post_logout_redirect_uri: web.bye });
      const theirs = new PlainBrowser(server);
      await web.signIn(server, theirs, { username: 'bob' });
      const page = await theirs.open(asked.url);
      expect(page.text).not.toContain('The Web');
      expect((await theirs.submit(page)).url.pathname).toBe('/signedout');
    });
  });

  describe('the endpoint', () => {
    test('takes a form of its own site (§2: GET and POST MUST be supported)', async () => {
      const { idToken } = await signIn();
      const body = new URLSearchParams({ id_token_hint: idToken, post_logout_redirect_uri: web.bye, state: 's' });
      const { url } = await browser.open('/connect/endsession', { method: 'POST', body });
      expect(url.href).toBe(`${web.bye}?state=s`);
      expect(await web.silentError(browser)).toBe('login_required');
    });

    test('takes a form of a client, which comes without the cookies of the session (§2)', async () => {
      const { idToken } = await signIn();
      const body = new URLSearchParams({ id_token_hint: idToken, post_logout_redirect_uri: web.bye, state: 's' });
      const { url } = await browser.open('/connect/endsession', { method: 'POST', body }, 'cross');
      expect(url.href).toBe(`${web.bye}?state=s`);
      expect(await web.silentError(browser)).toBe('login_required');
    });

    test('asks after a form of a client without a proof, too', async () => {
      await signIn();
      const body = new URLSearchParams({ client_id: 'web' });
      await expectAsked(await browser.open('/connect/endsession', { method: 'POST', body }, 'cross'));
    });

    test('passes over parameters that it does not know, and takes an empty one for absent', async () => {
      const { idToken } = await signIn();
      const request = {
        id_token_hint: idToken,
        post_logout_redirect_uri: web.bye,
        state: '',
        client_id: '',
        extra: '1',
      };
      expect((await endSession(browser, request)).url.href).toBe(web.bye);
    });

    test('refuses a parameter that is sent twice', async () => {
      const { idToken } = await signIn();
      const query = new URLSearchParams({ id_token_hint: idToken, post_logout_redirect_uri: web.bye });
      query.append('post_logout_redirect_uri', 'https://evil.example/');
      await expectRefused(await browser.open(`/connect/endsession?${query.toString()}`));
    });
  });

  describe('post_logout_redirect_uri (§3: the server MUST NOT lead anywhere but to a registered one)', () => {
    test.each([
      `${web.bye}/`,
      `${web.bye}?state=s`,
      `${web.bye}#fragment`,
      `${web.bye}/../bye`,
      web.bye.replace('/bye', '/BYE'),
      web.bye.replace('/bye', '/%62ye'),
      web.bye.replace('https', 'http'),
      web.bye.replace('web', 'WEB'),
      web.bye.replace('.example', '.example:443'),
      web.bye.replace('.example', '.example.'),
      web.bye.replace('web.example', 'web.example@evil.example'),
      web.bye.replace('web.example', 'evil.example'),
      ` ${web.bye}`,
      '//web.example/bye',
      '/bye',
      'javascript:alert(1)',
      web.redirectUri,
      shop.bye,
    ])('is compared as it stands: not %s', async (uri) => {
      const { idToken } = await signIn();
      const shown = await endSession(browser, { id_token_hint: idToken, post_logout_redirect_uri: uri, state: 's' });
      await expectRefused(shown);
    });

    test('keeps its own query, and state is added', async () => {
      const { idToken } = await signIn();
      const request = { id_token_hint: idToken, post_logout_redirect_uri: byeWithQuery, state: 's' };
      expect((await endSession(browser, request)).url.href).toBe(`${byeWithQuery}&state=s`);
    });

    test('may be of a native application (§3.1)', async () => {
      const { idToken } = await signIn('alice', native);
      const request = { id_token_hint: idToken, post_logout_redirect_uri: 'com.example.app:/bye', state: 's' };
      expect((await endSession(browser, request)).url.href).toBe('com.example.app:/bye?state=s');
    });

    test.each(['a b', 'a+b', '%20', 'a&b=c#d', '"><script>', 'é≠🚪', '\r\nLocation: https://evil.example'])(
      'comes with state as it was: %j (§2)',
      async (state) => {
        const { idToken } = await signIn();
        const request = { id_token_hint: idToken, post_logout_redirect_uri: web.bye, state };
        const { url } = await endSession(browser, request);
        expect([`${url.origin}${url.pathname}`, [...url.searchParams]]).toEqual([web.bye, [['state', state]]]);
      },
    );
  });

  describe('the sign-out', () => {
    test('may be asked for again: a logout request where nobody is signed in is no error (§4)', async () => {
      const { idToken } = await signIn();
      const request = { id_token_hint: idToken, post_logout_redirect_uri: web.bye, state: 's' };
      await endSession(browser, request);
      expect((await endSession(browser, request)).url.href).toBe(`${web.bye}?state=s`);
      await expectSignedOutPage(await endSession(browser));
    });

    test('takes the cookies away, and what they held opens nothing any more', async () => {
      const { idToken } = await signIn();
      const session = (await browser.cookie('__Host-tessera.session')) ?? '';
      expect(session).not.toBe('');
      await endSession(browser, { id_token_hint: idToken });
      expect(await browser.cookie('__Host-tessera.session')).toBeUndefined();
      expect(await browser.cookie('__Host-tessera.state')).toBeUndefined();
      await browser.putCookie('__Host-tessera.session', session);
      expect(await web.silentError(browser)).toBe('login_required');
    });

    test('leaves other browsers of the person alone', async () => {
      const elsewhere = new PlainBrowser(server);
      await web.signIn(server, elsewhere);
      const { idToken } = await signIn();
      await endSession(browser, { id_token_hint: idToken });
      expect(await web.silentError(elsewhere)).toBe('none');
    });

    test('counts for a person who may not be here any more, too: enabled again, nobody is signed in', async () => {
      const { idToken } = await signIn('bob');
      const bob = await server.app.get(UserStore).findBySubject('2');
      bob!.enabled = false;
      await endSession(browser, { id_token_hint: idToken, post_logout_redirect_uri: web.bye });
      bob!.enabled = true;
      expect(await browser.cookie('__Host-tessera.session')).toBeUndefined();
      expect(await web.silentError(browser)).toBe('login_required');
    });
  });
});
