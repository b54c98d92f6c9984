import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AccountsModule } from '@tessera/accounts';
import { PagesModule } from '@tessera/pages';
import { type ClientInit, Secret, sha256 } from '@tessera/token-server';
import * as client from 'openid-client';
import { fencedBlocks } from '../fenced-blocks.js';
import { formOf, PlainBrowser, type Shown } from '../plain-browser.js';
import { FakeClock, type RunningServer, startServer } from '../running-server.js';
import { CorporateModule } from './own-pages/corporate.module.js';
import { OwnPagesModule } from './own-pages/own-pages.module.js';

const redirectUri = 'https://app.example.com/callback';
const clientSecrets = [new Secret(sha256('secret'))];
const web: ClientInit = {
  clientId: 'web',
  clientName: 'The <b>Web</b>',
  allowedGrantTypes: ['authorization_code'],
  clientSecrets,
  redirectUris: [redirectUri],
  postLogoutRedirectUris: ['https://app.example.com/bye'],
  frontChannelLogoutUri: 'https://app.example.com/logout-frame',
  allowedScopes: ['openid', 'profile', 'api1'],
  requireConsent: true,
};
const tv: ClientInit = {
  ...web,
  clientId: 'tv',
  clientName: 'Television',
  allowedGrantTypes: ['urn:ietf:params:oauth:grant-type:device_code'],
};
const strictTv: ClientInit = { ...tv, clientId: 'strict-tv', userSsoLifetime: 1 };
const till: ClientInit = {
  ...web,
  clientId: 'till',
  clientName: 'Till',
  allowedGrantTypes: ['urn:openid:params:grant-type:ciba'],
  backchannelTokenDeliveryMode: 'poll',
  userSsoLifetime: 60,
};
const staff: ClientInit = { ...web, clientId: 'staff', enableLocalLogin: false, requireConsent: false };

const guide = fencedBlocks('own-pages.md').filter(({ attributes }) => attributes.title?.startsWith('src/pages/'));

test.each(guide.map(({ attributes, text }) => [attributes.title!.replace('src/pages/', ''), text]))(
  'the guide shows %s as it is run here',
  (file, text) => expect(text).toBe(readFileSync(new URL(`own-pages/${file}`, import.meta.url), 'utf8')),
);

test('the guide shows what an application writes first', () => {
  const files = guide.map(({ attributes }) => attributes.title);
  for (const file of ['own.pages.ts', 'sign-in.controller.ts', 'consent.controller.ts', 'own-pages.module.ts']) {
    expect(files).toContain(`src/pages/${file}`);
  }
});

describe.each(['fastify', 'express'] as const)('an application with pages of its own, on %s', (adapter) => {
  const clock = new FakeClock();
  let server: RunningServer;
  let company: RunningServer;
  let config: client.Configuration;

  beforeAll(async () => {
    // Asked for at the first sign-in there, when the provider is known.
    const corporate = {
      get issuer() {
        return company.url;
      },
      clientId: 'sts',
      clientSecret: 'secret',
      fetch: ((url, init) => company.fetch(url, init)) as client.CustomFetch,
    };
    const imports = [AccountsModule, OwnPagesModule, CorporateModule.forRoot(corporate)];
    server = await startServer({
      adapter,
      clock,
      tls: true,
      options: { clients: [web, tv, strictTv, till, staff], imports },
    });
    const sts = {
      ...staff,
      clientId: 'sts',
      enableLocalLogin: true,
      redirectUris: [`${server.url}/corporate/callback`],
      frontChannelLogoutUri: undefined,
    };
    company = await startServer({ tls: true, options: { clients: [sts], imports: [AccountsModule, PagesModule] } });
    config = await configOf('web');
  });
  afterAll(async () => {
    await server.close();
    await company.close();
  });

  function configOf(clientId: string): Promise<client.Configuration> {
    return client.discovery(new URL(server.url), clientId, 'secret', undefined, { [client.customFetch]: server.fetch });
  }

  async function authorize(more: Record<string, string> = {}, by = config) {
    const [verifier, state] = [client.randomPKCECodeVerifier(), client.randomState()];
    const url = client.buildAuthorizationUrl(by, {
      redirect_uri: redirectUri,
      scope: 'openid profile api1',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      ...more,
    });
    return { url, checks: { pkceCodeVerifier: verifier, expectedState: state } };
  }

  /** Gives the page that asks for consent. */
  async function signedIn(browser: PlainBrowser, username = 'alice'): Promise<Shown> {
    return browser.signIn(await browser.open((await authorize()).url), username);
  }

  test('signs in, with a wrong password first, and agrees to a part of what is asked', async () => {
    const browser = new PlainBrowser(server);
    const { url, checks } = await authorize({ login_hint: 'alice' });
    const page = await browser.open(url);
    expect([page.url.pathname, formOf(page).body.get('username')]).toEqual(['/login', 'alice']);
    const wrong = await browser.submit(page, { username: 'alice', password: 'wrong' });
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining('Wrong user name or password')]);
    const consent = await browser.submit(wrong, { password: 'alice' });
    expect(consent.url.pathname).toBe('/permissions');
    expect(formOf(consent).body.getAll('scope')).toEqual(['profile', 'api1']);
    const back = await browser.submit(consent, { scope: ['profile'], decision: 'allow' });
    const tokens = await client.authorizationCodeGrant(config, back.url, checks);
    expect([tokens.scope, tokens.claims()?.sub]).toEqual(['openid profile', '1']);
  });

  test('is told by the client that the person said no, on the one page and on the other', async () => {
    for (const path of ['/login', '/permissions']) {
      const browser = new PlainBrowser(server);
      const { url, checks } = await authorize();
      let page = await browser.open(url);
      if (path === '/permissions') page = await browser.signIn(page);
      expect(page.url.pathname).toBe(path);
      const back = await browser.submit(page, { action: 'cancel', decision: 'deny' });
      await expect(client.authorizationCodeGrant(config, back.url, checks)).rejects.toMatchObject({
        error: 'access_denied',
      });
    }
  });

  test('goes on as who is signed in, or as somebody else', async () => {
    const browser = new PlainBrowser(server);
    await signedIn(browser);
    const { url } = await authorize({ prompt: 'select_account' });
    const choice = await browser.open(url);
    expect([choice.url.pathname, choice.text]).toEqual(['/who', expect.stringContaining('Alice Smith')]);
    expect((await browser.submit(choice, { action: 'continue' })).text).toContain('Alice Smith');

    const again = await browser.open((await authorize({ prompt: 'select_account' })).url);
    const other = /href="(login[^"]+)"/.exec(again.html)![1]!;
    const consent = await browser.signIn(await browser.open(new URL(other, again.url)), 'bob');
    expect([consent.url.pathname, consent.text]).toEqual(['/permissions', expect.stringContaining('Bob Smith')]);
  });

  test('connects a device', async () => {
    const television = await configOf('tv');
    const device = await client.initiateDeviceAuthorization(television, { scope: 'openid api1' });
    const browser = new PlainBrowser(server);
    const signIn = await browser.open(device.verification_uri_complete!);
    const enter = await browser.signIn(signIn);
    expect([enter.url.pathname, formOf(enter).body.get('user_code')]).toEqual(['/device', device.user_code]);
    const wrong = await browser.submit(enter, { user_code: 'BBBB-BBBB' });
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining('No device shows this code.')]);
    const confirm = await browser.submit(wrong, { user_code: device.user_code });
    expect(confirm.text).toContain('Connect Television?');
    const done = await browser.submit(confirm, { decision: 'allow' });
    expect(done.text).toContain('The device is connected');
    const code = { device_code: device.device_code };
    const tokens = await client.genericGrantRequest(television, tv.allowedGrantTypes[0]!, code);
    expect([tokens.scope, tokens.claims()?.sub]).toEqual(['openid api1', '1']);
  });

  test('has the person sign in again for a device whose client wants a recent sign-in', async () => {
    const television = await configOf('strict-tv');
    const browser = new PlainBrowser(server);
    await signedIn(browser);
    clock.advance(2);
    const device = await client.initiateDeviceAuthorization(television, { scope: 'openid' });
    const enter = await browser.open(device.verification_uri_complete!);
    const signIn = await browser.submit(enter);
    expect(signIn.url.pathname).toBe('/login');
    const confirm = await browser.submit(await browser.signIn(signIn));
    expect((await browser.submit(confirm, { decision: 'allow' })).text).toContain('The device is connected');
  });

  test('answers a client that asks from elsewhere, after a sign-in that is recent enough for it', async () => {
    const atTheTill = await configOf('till');
    const browser = new PlainBrowser(server);
    await signedIn(browser);
    clock.advance(61);
    const hints = { scope: 'openid api1', login_hint: 'alice', binding_message: 'W4SCT' };
    const asked = await client.initiateBackchannelAuthentication(atTheTill, hints);
    const list = await browser.open(`${server.url}/questions`);
    const link = /href="(\?request=[^"]+)">Till: W4SCT</.exec(list.html)![1]!;
    const old = await browser.open(new URL(link, list.url));
    expect(old.text).toContain('You have to sign in again before you can agree.');
    const page = await browser.signIn(await browser.submit(old, { decision: 'allow' }));
    expect([page.url.search, page.text]).toEqual([link, expect.stringContaining('It says W4SCT, there as here.')]);
    const done = await browser.submit(page, { decision: 'allow', scope: ['api1'] });
    expect(done.text).toContain('You have agreed');
    const tokens = await client.genericGrantRequest(atTheTill, till.allowedGrantTypes[0]!, {
      auth_req_id: asked.auth_req_id,
    });
    expect([tokens.scope, tokens.claims()?.sub]).toEqual(['openid api1', '1']);
    expect((await browser.submit(page, { decision: 'allow' })).text).toContain('Too late');
    const others = new PlainBrowser(server);
    await signedIn(others, 'bob');
    expect((await others.open(page.url)).text).toContain('Nothing waits for you');
  });

  test('signs out, and lets the browser tell the applications', async () => {
    const browser = new PlainBrowser(server);
    const { url, checks } = await authorize();
    const consent = await browser.signIn(await browser.open(url));
    const back = await browser.submit(consent, { decision: 'allow' });
    await client.authorizationCodeGrant(config, back.url, checks);
    const ask = await browser.open(
      client.buildEndSessionUrl(config, { post_logout_redirect_uri: 'https://app.example.com/bye', state: 'a' }),
    );
    expect([ask.url.pathname, ask.text]).toEqual(['/logout', expect.stringContaining('Sign out Alice Smith')]);
    const done = await browser.submit(ask);
    expect([done.url.pathname, done.html]).toEqual(['/goodbye', expect.stringContaining('/bye?state=a"')]);
    expect(done.html).toMatch(/<iframe src="https:\/\/app\.example\.com\/logout-frame\?[^"]*sid=/);
    expect(done.headers.get('content-security-policy')).toContain("frame-src 'self' https:");
    const silent = await browser.open((await authorize({ prompt: 'none' })).url);
    expect(silent.url.searchParams.get('error')).toBe('login_required');
  });

  test('comes with a work account, where passwords are off', async () => {
    const forStaff = await configOf('staff');
    const [browser, atWork] = [new PlainBrowser(server), new PlainBrowser(company)];
    const { url, checks } = await authorize({ scope: 'openid' }, forStaff);
    const page = await browser.open(url);
    expect(formOf(page).body.has('password')).toBe(false);
    const refused = await browser.signIn(page);
    expect([refused.url.pathname, refused.status]).toEqual(['/login', 400]);
    const button = /href="(corporate[^"]+)"/.exec(page.html)![1]!;
    const away = await browser.open(new URL(button, page.url));
    expect(away.url.origin).toBe(company.url);
    const back = await atWork.signIn(await atWork.open(away.url), 'bob');
    // An answer that somebody else's browser is led to signs nobody in (login CSRF), and it is used up.
    const stolen = await browser.open((await browser.open(new URL(button, page.url))).url);
    const answer = await atWork.open(stolen.url);
    expect((await new PlainBrowser(server).open(answer.url)).status).toBe(404);
    const arrived = await browser.open(back.url);
    const tokens = await client.authorizationCodeGrant(forStaff, arrived.url, checks);
    expect(tokens.claims()).toMatchObject({ sub: '2', amr: ['pwd'] });
    expect((await browser.open(back.url)).status).toBe(404);
  });

  test('is shown a page where a client is wrong, with what others wrote escaped', async () => {
    const { url } = await authorize({ redirect_uri: 'https://evil.example.com/<script>' });
    const page = await new PlainBrowser(server).open(url);
    expect([page.url.origin, page.status]).toEqual([server.url, 400]);
    expect(page.text).toContain('This does not work');
    expect(page.html).not.toContain('<script>');
    const consent = await signedIn(new PlainBrowser(server));
    expect(consent.html).toContain('The &lt;b&gt;Web&lt;/b&gt; asks for your permission');
  });

  test('a form counts from the browser and for the person that it was given to', async () => {
    const [browser, theirs] = [new PlainBrowser(server), new PlainBrowser(server)];
    const page = await browser.open((await authorize()).url);
    expect((await theirs.signIn(page)).status).toBe(403);
    const consent = await browser.signIn(page);
    expect((await theirs.submit(consent, { decision: 'allow' })).status).toBe(404);
    await browser.signIn(await browser.open((await authorize({ prompt: 'login' })).url), 'bob');
    const answer = await browser.submit(consent, { decision: 'allow' });
    expect([answer.url.pathname, answer.status]).toEqual(['/permissions', 403]);
  });

  test('somebody who tries passwords has to wait', async () => {
    const browser = new PlainBrowser(server);
    let page = await browser.open((await authorize()).url);
    const form = page;
    for (let tries = 0; tries < 20 && page.status !== 429; tries++) {
      page = await browser.submit(form, { username: 'nobody', password: 'guess' });
    }
    expect([page.status, Number(page.headers.get('retry-after')) > 0]).toEqual([429, true]);
  });

  test('pages are kept by nobody and framed by nobody', async () => {
    const { headers } = await new PlainBrowser(server).open((await authorize()).url);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('content-security-policy')).toMatch(/form-action 'self' https:;/);
  });
});
