import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'node-html-parser';
import { formOf, PlainBrowser, type Shown } from '../plain-browser.js';
import { basic, type RunningServer } from '../running-server.js';
import {
  answerAt,
  authorizeAddress,
  type Difference,
  enterCode,
  redirectUri,
  signedIn,
  startForPeople,
  webClient,
} from './people.fixture.js';

// What every answer carries so that no other site frames it, no cache keeps it, no address leaks, and no two servers are mixed up.

const device = 'urn:ietf:params:oauth:grant-type:device_code';
const clients = [
  webClient('web', {
    allowedGrantTypes: ['authorization_code', device],
    postLogoutRedirectUris: ['https://app.example.com/bye'],
  }),
  webClient('asking', { requireConsent: true }),
  webClient('implicit', { allowedGrantTypes: ['implicit'], allowAccessTokensViaBrowser: true }),
  webClient('hybrid', { allowedGrantTypes: ['hybrid'], allowAccessTokensViaBrowser: true }),
];

describe.each(['fastify', 'express'] as const)('On %s', (adapter) => {
  let server: RunningServer;
  let alice: PlainBrowser;
  let stranger: PlainBrowser;

  beforeAll(async () => {
    server = await startForPeople(clients, { adapter });
    [alice, stranger] = [await signedIn(server), new PlainBrowser(server)];
  });
  afterAll(() => server.close());

  const userCode = async () =>
    (await server.form('connect/deviceauthorization', { scope: 'openid' }, basic('web'))).body.user_code as string;
  const post = (browser: PlainBrowser, path: string, fields: Record<string, string> = {}) =>
    browser.open(path, { method: 'POST', body: new URLSearchParams(fields) });

  const pages: Readonly<Record<string, [status: number, () => Promise<Shown>]>> = {
    'the start page': [200, () => stranger.open('/')],
    'the start page of somebody': [200, () => alice.open('/')],
    'sign-in': [200, () => stranger.open('/signin')],
    'sign-in for a client': [200, () => stranger.open(authorizeAddress())],
    'sign-in in a small window': [200, () => stranger.open(authorizeAddress({ display: 'popup' }))],
    'a sign-in that failed': [400, async () => stranger.submit(await stranger.open('/signin'), { username: 'x', password: 'x' })],
    'a form that is not of this browser': [403, () => post(stranger, '/signin', { username: 'x', password: 'x' })],
    'choice of an account': [200, () => alice.open(authorizeAddress({ prompt: 'select_account' }))],
    consent: [200, () => alice.open(authorizeAddress({ client_id: 'asking' }))],
    'an interaction that is over': [404, () => alice.open('/consent?interaction=x&client_id=web')],
    'a device code': [200, () => alice.open('/device')],
    'a wrong device code': [400, async () => alice.submit(await alice.open('/device'), { user_code: 'x' })],
    'a device to be let in': [200, async () => enterCode(alice, await userCode())],
    'a device that is in': [200, () => alice.open('/device/done?result=allowed')],
    'sign-out': [200, () => alice.open('/signout')],
    'sign-out for a client': [200, () => alice.open('/connect/endsession?client_id=web')],
    'after a sign-out': [200, () => stranger.open('/signedout')],
    'the applications of somebody': [200, () => alice.open('/applications')],
    'a wrong authorize request': [400, () => alice.open('/connect/authorize?client_id=nobody')],
    'an authorize request that goes on nowhere': [404, () => alice.open('/connect/authorize/resume?interaction=x')],
    'a wrong end of a session': [400, () => alice.open('/connect/endsession?client_id=nobody')],
    'an answer as a form': [200, () => alice.open(authorizeAddress({ response_mode: 'form_post' }))],
    'a refusal as a form': [200, () => stranger.open(authorizeAddress({ response_mode: 'form_post', prompt: 'none' }))],
  }; // prettier-ignore

  describe('a page of other sites', () => {
    test.each(Object.entries(pages))(
      'cannot frame %s (clickjacking), nor keep it or learn its address',
      async (_what, [status, open]) => {
        const { status: shown, headers, html } = await open();
        expect([shown, headers.get('content-type')]).toEqual([status, 'text/html; charset=utf-8']);
        expect(headers.get('x-frame-options')).toBe('DENY');
        const policy = headers.get('content-security-policy')!.split('; ');
        expect(policy).toEqual(
          expect.arrayContaining(["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"]),
        );
        expect(policy.join()).not.toMatch(/unsafe|\*|script-src[^,]* (?:https?:|data:|blob:)/);
        expect(headers.get('cache-control')).toBe('no-store');
        expect(headers.get('referrer-policy')).toBe('no-referrer');
        expect(headers.get('x-content-type-options')).toBe('nosniff');
        // Nothing in the page takes back what the headers say.
        expect(
          parse(html).querySelectorAll('meta[name=referrer], meta[http-equiv], base, [referrerpolicy], [style]'),
        ).toEqual([]);
      },
    );

    test.each([
      '/nowhere',
      '/connect/nowhere',
      '/signin/x',
      '/%E0%A4%A',
      '/assets/../signin',
      '/connect/authorize/',
      '/signin?%E0%A4%A',
    ])('finds nothing to frame at %s', async (path) => {
      const response = await alice.fetch(`${server.url}${path}`);
      const isPage = response.headers.get('content-type')?.includes('html') === true;
      expect([isPage, isPage && response.headers.get('x-frame-options') !== 'DENY']).toEqual([isPage, false]);
    });

    test('may frame the session frame alone, which is the same for everybody and holds nothing', async () => {
      const [theirs, ours] = [
        await alice.fetch('/connect/checksession'),
        await stranger.fetch('/connect/checksession'),
      ];
      expect([theirs.status, theirs.headers.get('x-frame-options'), theirs.headers.getSetCookie()]).toEqual([
        200,
        null,
        [],
      ]);
      expect(theirs.headers.get('content-security-policy')).not.toContain('frame-ancestors');
      expect(theirs.headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; base-uri 'none'; script-src 'sha256-/,
      );
      expect(await theirs.text()).toBe(await ours.text());
    });
  });

  describe('an answer to a client', () => {
    const anybody: readonly [string, Difference, 'alice' | 'stranger', Record<string, unknown>][] = [
      ['a code', {}, 'alice', { code: expect.any(String) }],
      ['an id_token', { client_id: 'implicit', response_type: 'id_token', nonce: 'n' }, 'alice', { id_token: expect.any(String) }],
      ['a code and an id_token', { client_id: 'hybrid', response_type: 'code id_token', nonce: 'n' }, 'alice', { code: expect.any(String) }],
      ['an answer in the fragment', { response_mode: 'fragment' }, 'alice', { code: expect.any(String) }],
      ['login_required', { prompt: 'none' }, 'stranger', { error: 'login_required' }],
      ['consent_required', { prompt: 'none', client_id: 'asking' }, 'alice', { error: 'consent_required' }],
      ['invalid_request', { code_challenge: undefined }, 'alice', { error: 'invalid_request' }],
      ['invalid_scope', { scope: 'nonsense' }, 'alice', { error: 'invalid_scope' }],
      ['unsupported_response_type', { response_type: 'x' }, 'alice', { error: 'unsupported_response_type' }],
      ['unauthorized_client', { response_type: 'id_token', nonce: 'n' }, 'alice', { error: 'unauthorized_client' }],
      ['request_not_supported', { request: 'x' }, 'stranger', { error: 'request_not_supported' }],
      ['a refusal in the fragment', { client_id: 'implicit', response_type: 'token', scope: 'x' }, 'alice', { error: 'invalid_scope' }],
    ]; // prettier-ignore

    test.each(anybody)(
      'says whose it is, and is kept by no cache (mix-up, RFC 9207): %s',
      async (_what, difference, who, parts) => {
        const response = await (who === 'alice' ? alice : stranger).fetch(authorizeAddress(difference));
        const location = response.headers.get('location')!;
        expect(location.startsWith(redirectUri)).toBe(true);
        expect(answerAt(new URL(location))).toMatchObject({ ...parts, state: 'a state', iss: server.url });
        expect(response.status).toBe(303);
        expect([response.headers.get('cache-control'), response.headers.get('referrer-policy')]).toEqual([
          'no-store',
          'no-referrer',
        ]);
      },
    );

    test.each([
      ['an answer', () => alice, {}, 'code'],
      ['a refusal', () => stranger, { prompt: 'none' }, 'error'],
    ] as const)('says whose it is in a form, too: %s', async (_what, who, difference, part) => {
      const { body } = formOf(await who().open(authorizeAddress({ ...difference, response_mode: 'form_post' })));
      expect([body.get('iss'), body.get('state'), body.has(part)]).toEqual([server.url, 'a state', true]);
    });

    test('says whose it is where the person said no', async () => {
      const consent = await alice.open(authorizeAddress({ client_id: 'asking', prompt: 'consent' }));
      const denied = await alice.submit(consent, { decision: 'deny' });
      const signIn = await stranger.open(authorizeAddress());
      const cancelled = await stranger.submit(signIn, { action: 'cancel' });
      for (const { url } of [denied, cancelled]) {
        expect(answerAt(url)).toMatchObject({ error: 'access_denied', iss: server.url, state: 'a state' });
      }
    });

    test('is announced, so that clients can insist on it', async () => {
      const { body } = await server.send('.well-known/openid-configuration');
      expect(body.authorization_response_iss_parameter_supported).toBe(true);
    });

    test('is kept by no cache on the whole way there, and no address on it leaks', async () => {
      const browser = new PlainBrowser(server);
      const page = await browser.open(authorizeAddress({ client_id: 'asking' }));
      const { action, body } = formOf(page);
      body.set('username', 'alice');
      body.set('password', 'alice');
      const steps = [await browser.fetch(authorizeAddress()), await browser.fetch(action, { method: 'POST', body })];
      steps.push(await browser.fetch(steps[1]!.headers.get('location')!));
      steps.push(await browser.fetch('/signin'), await browser.fetch('/connect/endsession?client_id=web'));
      steps.push(await stranger.fetch('/device'), await stranger.fetch('/applications'));
      for (const { status, headers } of steps) {
        expect([status, headers.get('cache-control'), headers.get('referrer-policy')]).toEqual([
          303,
          'no-store',
          'no-referrer',
        ]);
      }
    });
  });

  test('line ends in what is sent make no header and no second answer (response splitting)', async () => {
    const evil = 'x\r\nX-Injected: yes\r\nSet-Cookie: a=b\r\n\r\n<script>alert(1)</script>';
    const query = (parameters: Record<string, string>) => new URLSearchParams(parameters).toString();
    const bye = { client_id: 'web', post_logout_redirect_uri: 'https://app.example.com/bye' };
    const addresses = [
      ...['state', 'login_hint', 'nonce', 'scope', 'ui_locales', 'prompt', 'acr_values', 'claims', 'response_type', 'client_id', 'redirect_uri'].map(
        (name) => authorizeAddress({ [name]: evil }),
      ),
      authorizeAddress({ state: evil, prompt: 'none' }),
      `/connect/authorize/resume?${query({ interaction: evil, client_id: evil })}`,
      `/connect/endsession?${query({ ...bye, state: evil })}`,
      ...['interaction', 'return', 'user_code', 'client_id', 'done'].flatMap((name) =>
        ['signin', 'device', 'device/confirm', 'applications', 'signout', 'signedout', 'consent', 'account'].map((path) => `/${path}?${query({ [name]: evil, return: 'device' })}`),
      ),
    ]; // prettier-ignore
    for (const address of addresses) {
      for (const browser of [alice, new PlainBrowser(server)]) {
        const { status, headers } = await browser.fetch(address);
        expect([address, status < 500, headers.get('x-injected')]).toEqual([address, true, null]);
        expect(headers.getSetCookie().filter((line) => !line.startsWith('__Host-tessera.'))).toEqual([]);
      }
    }
    const { headers } = await alice.fetch(authorizeAddress({ state: evil }));
    expect(answerAt(new URL(headers.get('location')!)).state).toBe(evil);
  });

  test('every cookie is bound to the host and to https; scripts and other sites reach none that signs in', async () => {
    const [browser, lines] = [new PlainBrowser(server), [] as string[]];
    const keep = (response: Response) => (lines.push(...response.headers.getSetCookie()), response);
    keep(await browser.fetch(authorizeAddress()));
    const page = await browser.open(authorizeAddress());
    const { action, body } = formOf(page);
    for (const [name, value] of Object.entries({ username: 'alice', password: 'alice', rememberMe: 'true' }))
      body.set(name, value);
    keep(await browser.fetch(action, { method: 'POST', body }));
    const out = formOf(await browser.open('/signout'));
    keep(await browser.fetch(out.action, { method: 'POST', body: out.body }));
    const names = lines.map((line) => line.split('=')[0]!.replace('__Host-tessera.', ''));
    expect(names.toSorted()).toEqual(['browser', 'device', 'session', 'session', 'state', 'state']);
    for (const line of lines) {
      const [, ...attributes] = line.split('; ');
      const isState = line.startsWith('__Host-tessera.state=');
      // Of the two that other sites' forms and frames bring along, neither says who is signed in.
      const isForOthers = isState || line.startsWith('__Host-tessera.browser=');
      expect([line, attributes.includes('Secure'), attributes.includes('Path=/')]).toEqual([line, true, true]);
      expect([line, attributes.includes('HttpOnly')]).toEqual([line, !isState]);
      expect([line, attributes.includes(isForOthers ? 'SameSite=None' : 'SameSite=Lax')]).toEqual([line, true]);
      expect(line).not.toMatch(/;\s*Domain/i);
    }
  });
});
