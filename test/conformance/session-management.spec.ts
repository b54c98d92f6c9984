import { hash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { AccountsModule } from '@tessera/accounts';
import { PagesModule } from '@tessera/pages';
import { ApiScope } from '@tessera/token-server';
import { formOf, PlainBrowser } from '../plain-browser.js';
import { type RunningServer, startServer } from '../running-server.js';
import { endSession, type Login, metadataOf, RelyingParty } from './logout-relying-party.js';
import { answerOf, type FrameSurroundings } from './session-frame.js';

const web = new RelyingParty('web');
const shop = new RelyingParty('shop');
const tokens = new RelyingParty('tokens');
const native = new RelyingParty('native');
const nativeUri = 'com.example.app:/callback';
const clients = [
  web.registered({ allowedScopes: ['openid', 'profile', 'api1'] }),
  shop.registered(),
  tokens.registered({ allowedGrantTypes: ['implicit'], allowAccessTokensViaBrowser: true }),
  native.registered({ redirectUris: [nativeUri] }),
];

describe('OpenID Connect Session Management 1.0', () => {
  let server: RunningServer;
  let browser: PlainBrowser;
  let frame: string;

  beforeAll(async () => {
    const options = { clients, apiScopes: [new ApiScope('api1')], imports: [AccountsModule, PagesModule] };
    server = await startServer({ tls: true, options });
    frame = await (await server.fetch(String((await metadataOf(server)).check_session_iframe))).text();
  });
  beforeEach(() => {
    browser = new PlainBrowser(server);
  });
  afterAll(() => server.close());

  /** What a page of a client is told that watches the session in this browser. */
  async function statusOf(
    party: RelyingParty,
    { answer }: Pick<Login, 'answer'>,
    by: { readonly clientId?: string; readonly origin?: string; readonly embeddedIn?: string } = {},
  ): Promise<string | undefined> {
    const { clientId, origin } = { ...party, ...by };
    const data = `${clientId} ${answer.get('session_state')}`;
    const state = await browser.cookie('__Host-tessera.state');
    const around: FrameSurroundings = {
      cookies: ['theme=dark', ...(state === undefined ? [] : [`__Host-tessera.state=${state}`])].join('; '),
      ancestor: by.embeddedIn ?? origin,
    };
    const [told, ...more] = await answerOf(frame, around, { data, origin });
    expect([told?.targetOrigin, more]).toEqual([origin, []]);
    return told?.data;
  }

  const send = async (data: unknown, around: Partial<FrameSurroundings> = {}, origin = web.origin) => {
    const [told] = await answerOf(frame, { cookies: '', ...around }, { data, origin });
    return told?.data;
  };

  describe('oidcc-session-management-discovery-endpoint-verification', () => {
    test('check_session_iframe is an https address that serves a page (§3.3)', async () => {
      const { check_session_iframe } = await metadataOf(server);
      expect(check_session_iframe).toBe(`${server.url}/connect/checksession`);
      const { status, headers } = await server.send('connect/checksession');
      expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    });

    test('every site may frame it, nothing but its own script runs in it, and it may be kept', async () => {
      const { headers } = await server.send('connect/checksession');
      const script = /<script>([^]*)<\/script>/.exec(frame)![1]!;
      expect(headers.get('x-frame-options')).toBeNull();
      expect(headers.get('content-security-policy')).not.toContain('frame-ancestors');
      expect(headers.get('content-security-policy')).toContain(`'sha256-${hash('sha256', script, 'base64')}'`);
      expect(headers.get('cache-control')).toMatch(/max-age=\d+/);
    });
  });

  describe('oidcc-session-management-rp-initiated-logout', () => {
    test('the frame says unchanged after the sign-in, and changed after the sign-out (§3.1)', async () => {
      const login = await web.signIn(server, browser);
      expect(await statusOf(web, login)).toBe('unchanged');
      const request = { id_token_hint: login.idToken, post_logout_redirect_uri: web.bye, state: 'state1' };
      expect((await endSession(browser, request)).url.href).toBe(`${web.bye}?state=state1`);
      expect(await statusOf(web, login)).toBe('changed');
      expect(await web.silentError(browser)).toBe('login_required');
    });
  });

  describe('session_state (§2)', () => {
    test('is in the answer, without a space, as a salted sum over client, origin and the state of the browser (§3.2)', async () => {
      const { answer } = await web.signIn(server, browser);
      const [sum, salt, ...more] = answer.get('session_state')!.split('.');
      expect([answer.get('session_state')!.includes(' '), more]).toEqual([false, []]);
      const state = await browser.cookie('__Host-tessera.state');
      expect(sum).toBe(hash('sha256', `${web.clientId} ${web.origin} ${state} ${salt}`, 'hex'));
    });

    test('has a salt of its own each time, and each counts while the session lasts', async () => {
      const first = await web.signIn(server, browser);
      const again = await web.signIn(server, browser, { prompt: 'none' });
      expect(again.answer.get('session_state')).not.toBe(first.answer.get('session_state'));
      expect([await statusOf(web, first), await statusOf(web, again)]).toEqual(['unchanged', 'unchanged']);
    });

    test.each(['id_token', 'id_token token'])('comes in the fragment for response_type %s', async (response_type) => {
      const shown = await tokens.authorize(browser, { response_type, nonce: 'n' });
      const { url } = await browser.signIn(shown);
      const answer = new URLSearchParams(url.hash.slice(1));
      expect(url.search).toBe('');
      expect(await statusOf(tokens, { answer })).toBe('unchanged');
    });

    test('comes in the form for response_mode form_post', async () => {
      await web.signIn(server, browser);
      const page = await web.authorize(browser, { response_mode: 'form_post' });
      const value = /name="session_state" value="([^"]+)"/.exec(page.html)![1]!;
      expect(await statusOf(web, { answer: new URLSearchParams({ session_state: value }) })).toBe('unchanged');
    });

    test('is not given without openid, nor to an application that has no origin', async () => {
      await web.signIn(server, browser);
      const withoutOpenid = await web.authorize(browser, { scope: 'api1' });
      expect(withoutOpenid.url.searchParams.has('code')).toBe(true);
      expect(withoutOpenid.url.searchParams.has('session_state')).toBe(false);
      const ofNative = await native.authorize(browser, { redirect_uri: nativeUri });
      expect(ofNative.url.searchParams.has('code')).toBe(true);
      expect(ofNative.url.searchParams.has('session_state')).toBe(false);
    });
  });

  describe('the state of the browser (§3.2)', () => {
    test('is in a cookie that the frame can read on every site, and the session is in one that it cannot', async () => {
      const shown = await web.authorize(browser);
      const { action, body } = formOf(shown);
      body.set('username', 'alice');
      body.set('password', 'alice');
      const lines = (await browser.fetch(action, { method: 'POST', body })).headers.getSetCookie();
      const attributes = (name: string) => lines.find((line) => line.startsWith(`__Host-tessera.${name}=`));
      expect(attributes('state')).toMatch(/; Path=\/; Secure; SameSite=None$/);
      expect(attributes('session')).toMatch(/; HttpOnly; Secure; SameSite=Lax$/);
    });

    test('tells nothing of the session itself', async () => {
      const { claims } = await web.signIn(server, browser);
      const [state, session] = [
        await browser.cookie('__Host-tessera.state'),
        await browser.cookie('__Host-tessera.session'),
      ];
      expect(state).toMatch(/^[\w-]{43}$/);
      expect([claims.sid, claims.sub, session]).not.toContain(state);
    });

    test('changes when somebody else signs in, and the new session_state counts', async () => {
      const alice = await web.signIn(server, browser);
      const bob = await web.signIn(server, browser, { username: 'bob', prompt: 'login' });
      expect([await statusOf(web, alice), await statusOf(web, bob)]).toEqual(['changed', 'unchanged']);
    });

    test('stays when the same person shows once more who they are: the session goes on', async () => {
      const alice = await web.signIn(server, browser);
      await shop.signIn(server, browser, { prompt: 'login' });
      expect(await statusOf(web, alice)).toBe('unchanged');
    });

    test('changes when the person signs in again after a sign-out', async () => {
      const before = await web.signIn(server, browser);
      await endSession(browser, { id_token_hint: before.idToken });
      const after = await web.signIn(server, browser);
      expect([await statusOf(web, before), await statusOf(web, after)]).toEqual(['changed', 'unchanged']);
    });

    test('is the same for all clients of the session: a sign-out at one is seen by the others', async () => {
      const [atWeb, atShop] = [await web.signIn(server, browser), await shop.signIn(server, browser)];
      expect(await statusOf(shop, atShop)).toBe('unchanged');
      await endSession(browser, { id_token_hint: atWeb.idToken });
      expect(await statusOf(shop, atShop)).toBe('changed');
    });
  });

  describe('the frame (§3.2)', () => {
    test('says changed to a client or an origin that the session_state was not made for', async () => {
      const login = await web.signIn(server, browser);
      expect(await statusOf(web, login, { clientId: 'shop' })).toBe('changed');
      expect(await statusOf(web, login, { origin: shop.origin })).toBe('changed');
      expect(await statusOf(web, login, { origin: 'http://web.example' })).toBe('changed');
    });

    test('MUST reject messages of another origin than that of the page that embeds it', async () => {
      const login = await web.signIn(server, browser);
      expect(await statusOf(web, login, { embeddedIn: 'https://evil.example' })).toBe('error');
      const message = `web ${login.answer.get('session_state')}`;
      const cookies = `__Host-tessera.state=${await browser.cookie('__Host-tessera.state')}`;
      expect(await send(message, { cookies, referrer: 'https://evil.example/page' })).toBe('error');
      expect(await send(message, { cookies, referrer: `${web.origin}/page` })).toBe('unchanged');
      // A page that sends no referrer, in a browser that lists no ancestors.
      expect(await send(message, { cookies })).toBe('unchanged');
    });

    test.each([
      'web',
      'web ',
      ' state.salt',
      'web state',
      'web .',
      `web ${'0'.repeat(64)}`,
      `web ${'0'.repeat(64)}.`,
      `web ${'0'.repeat(63)}.salt`,
      '',
      7,
      null,
      undefined,
      { client_id: 'web' },
    ])('MUST say error to a message that is no client id and session_state: %j', async (message) => {
      expect(await send(message)).toBe('error');
      expect(await send(message, { cookies: '__Host-tessera.state=x' })).toBe('error');
    });

    test('says changed where nobody is signed in', async () => {
      expect(await send(`web ${'0'.repeat(64)}.salt`)).toBe('changed');
    });

    test('reads its own cookie, and none whose name begins or ends alike', async () => {
      const login = await web.signIn(server, browser);
      const message = `web ${login.answer.get('session_state')}`;
      const state = await browser.cookie('__Host-tessera.state');
      expect(await send(message, { cookies: `x__Host-tessera.state=${state}; __Host-tessera.state2=${state}` })).toBe(
        'changed',
      );
      expect(await send(message, { cookies: `a=b; __Host-tessera.state=${state}; c=d` })).toBe('unchanged');
    });
  });

  describe('a page that is told changed asks anew (§3.1)', () => {
    test('with prompt=none and id_token_hint: the same person is confirmed, another is not', async () => {
      const alice = await web.signIn(server, browser);
      const hint = { prompt: 'none', id_token_hint: alice.idToken };
      expect((await web.authorize(browser, hint)).url.searchParams.has('code')).toBe(true);
      await web.signIn(server, browser, { username: 'bob', prompt: 'login' });
      expect((await web.authorize(browser, hint)).url.searchParams.get('error')).toBe('login_required');
    });
  });
});
