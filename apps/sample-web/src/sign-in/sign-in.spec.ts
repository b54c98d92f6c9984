import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { FakeIssuer } from '../fake-issuer.spec.fixture.js';
import { publicUrl, runWeb, type RunningWeb } from '../running-web.spec.fixture.js';
import { InMemorySignInAttemptStore } from './in-memory-sign-in-attempt.store.js';

let web: RunningWeb;
let usual: Pick<FakeIssuer, 'alterAnswer' | 'alterIdToken' | 'signingKey' | 'person' | 'userinfo'>;

beforeAll(async () => {
  web = await runWeb();
  const { alterAnswer, alterIdToken, signingKey, person, userinfo } = web.issuer;
  usual = { alterAnswer, alterIdToken, signingKey, person, userinfo };
});
beforeEach(() => {
  Object.assign(web.issuer, usual);
});

/** Where the issuer sends the browser back to, not yet opened. */
async function answerAddress(browser = web.browser(), login = '/login') {
  const atIssuer = await browser.open(login, { follow: 1 });
  return { browser, address: atIssuer.headers.get('location')! };
}

describe('Signing in', () => {
  it('leads to the issuer and back, and shows who it is', async () => {
    const browser = web.browser();
    const welcome = await browser.open('/');
    expect(welcome.text).toContain('href="/login"');
    const home = await browser.open('/login');
    expect(home.url).toBe(`${publicUrl}/`);
    expect(home.text).toContain('Hello, Alice Smith');
    expect(home.text).toContain('https://alice.example');
    expect(home.text).toContain('openid, profile, api1, offline_access');
    expect(home.text).toContain('session-1');
    expect(home.text).toContain('2030-01-01 00:00:00 UTC');
  });

  it('asks with state, nonce and an S256 challenge, each new every time', async () => {
    const seen = web.issuer.requestsTo('/authorize').length;
    await web.signedIn();
    await web.signedIn();
    const [first, second] = web.issuer.requestsTo('/authorize').slice(seen);
    expect(first).toMatchObject({
      response_type: 'code',
      client_id: 'web_client',
      redirect_uri: `${publicUrl}/callback`,
      scope: 'openid profile api1 offline_access',
      code_challenge_method: 'S256',
    });
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(first![name]).toMatch(/^[\w-]{43}$/);
      expect(second![name]).not.toBe(first![name]);
    }
  });

  it('never lets a token reach the browser', async () => {
    const { browser, page } = await web.signedIn();
    const seen = page.text + JSON.stringify([...page.headers, ...browser.cookies]);
    for (const secret of web.issuer.secrets) expect(seen).not.toContain(secret);
  });

  it('works in several tabs at once, whichever is finished first', async () => {
    const browser = web.browser();
    const first = await answerAddress(browser);
    const second = await answerAddress(browser, '/login?prompt=login');
    expect((await browser.open(second.address)).text).toContain('Hello, Alice');
    expect((await browser.open(first.address)).text).toContain('Hello, Alice');
  });

  it('passes prompt, ui_locales and login_hint on', async () => {
    await web.browser().open('/login?prompt=login%20consent&ui_locales=de-AT%20en&login_hint=alice%40example.com');
    expect(web.issuer.requestsTo('/authorize').at(-1)).toMatchObject({
      prompt: 'login consent',
      ui_locales: 'de-AT en',
      login_hint: 'alice@example.com',
    });
  });

  it('can be begun by the issuer, with GET or POST (OpenID Connect Core §4, Registration §2)', async () => {
    const query = { iss: web.issuer.url, login_hint: 'alice', target_link_uri: `${publicUrl}/?from=issuer` };
    const byGet = await web.browser().open(`/login?${new URLSearchParams(query).toString()}`);
    expect(byGet.url).toBe(`${publicUrl}/?from=issuer`);
    const byPost = await web.browser().open('/login', { form: query });
    expect(byPost.url).toBe(`${publicUrl}/?from=issuer`);
    expect(web.issuer.requestsTo('/authorize').at(-1)).toMatchObject({ login_hint: 'alice' });
  });

  it('gives the browser a new handle each time, and the old one opens nothing any more', async () => {
    const { browser } = await web.signedIn();
    const former = new Map(browser.cookies);
    await browser.open('/login');
    const name = [...former.keys()].find((key) => key.endsWith('session'))!;
    expect(browser.cookies.get(name)).not.toBe(former.get(name));
    const thief = web.browser();
    thief.cookies.set(name, former.get(name)!);
    expect((await thief.open('/')).text).toContain('Welcome');
  });

  it('does not adopt a handle that was planted in the browser', async () => {
    const browser = web.browser();
    const planted = 'A'.repeat(43);
    browser.cookies.set('__Host-web-7001-session', planted);
    expect((await browser.open('/login')).text).toContain('Hello, Alice');
    expect(browser.cookies.get('__Host-web-7001-session')).not.toBe(planted);
  });
});

describe('A sign-in is refused', () => {
  it('with the state of another browser, which can still finish its own', async () => {
    const { browser: victim } = await answerAddress();
    const { browser: attacker, address } = await answerAddress();
    const page = await victim.open(address);
    expect(page.status).toBe(400);
    expect(page.text).toContain('This sign-in is not known here');
    expect((await victim.open('/')).text).toContain('Welcome');
    expect((await attacker.open(address)).text).toContain('Hello, Alice');
  });

  it('with a state that nobody made, without one, and with two', async () => {
    const { browser, address } = await answerAddress();
    const query = new URL(address).searchParams;
    const state = query.get('state')!;
    for (const wrong of [`code=c&state=${'x'.repeat(43)}`, 'code=c', `code=c&state=${state}&state=${state}`]) {
      expect((await browser.open(`/callback?${wrong}`)).status).toBe(400);
    }
    expect((await browser.open(address)).status).toBe(200);
  });

  it('when the callback is replayed', async () => {
    const { browser, address } = await answerAddress();
    await browser.open(address);
    const again = await browser.open(address);
    expect(again.status).toBe(400);
    expect(again.text).toContain('has been completed already');
    expect((await browser.open('/')).text).toContain('Hello, Alice');
  });

  it('when the callback is opened twice at the same moment: one of them signs in', async () => {
    const { browser, address } = await answerAddress();
    const pages = await Promise.all([1, 2, 3].map(() => browser.open(address, { follow: 0 })));
    expect(pages.map(({ status }) => status).sort()).toEqual([303, 400, 400]);
  });

  it('when it took too long', async () => {
    const { browser, address } = await answerAddress();
    web.clock.advance(InMemorySignInAttemptStore.lifetime);
    expect((await browser.open(address)).status).toBe(400);
  });

  /** Signs in, and sees to it that the checks say why nobody is signed in by it. */
  async function expectRefused(reason: string): Promise<void> {
    const logged = web.logText().length;
    const { browser, page } = await web.signedIn();
    expect(page.status).toBe(502);
    expect(page.text).toContain('did not pass the checks');
    expect(web.logText().slice(logged)).toContain(reason);
    expect((await browser.open('/')).text).toContain('Welcome');
  }

  it.each([
    ['another nonce', { nonce: 'of-another-sign-in' }, 'unexpected ID Token "nonce" claim value'],
    ['no nonce', { nonce: undefined }, 'JWT "nonce" (nonce) claim missing'],
    ['another issuer', { iss: 'https://evil.example' }, 'unexpected JWT "iss" (issuer) claim value'],
    ['another audience', { aud: 'other_client' }, 'unexpected JWT "aud" (audience) claim value'],
    ['an end in the past', { iat: 1_600_000_000, exp: 1_600_000_300 }, 'JWT "exp" (expiration time)'],
    ['no subject', { sub: undefined }, 'JWT "sub" (subject) claim missing'],
  ])('with an id_token that has %s (OpenID Connect Core §3.1.3.7)', async (_what, wrong, reason) => {
    web.issuer.alterIdToken = (claims) => ({ ...claims, ...wrong });
    await expectRefused(reason.replaceAll('"', String.raw`\"`));
  });

  it('with an id_token that somebody else has signed', async () => {
    web.issuer.signingKey = web.issuer.strangersKey;
    await expectRefused('JWT signature verification failed');
  });

  it('with the code of another sign-in: PKCE holds it', async () => {
    const stolen = new URL((await answerAddress()).address).searchParams.get('code')!;
    web.issuer.alterAnswer = (answer) => ({ ...answer, code: stolen });
    await expectRefused('server responded with an error');
  });

  it.each([
    ['of another issuer', 'https://evil.example', 'unexpected \\"iss\\" (issuer) response parameter value'],
    ['that is missing though it was announced', undefined, 'response parameter \\"iss\\" (issuer) missing'],
  ])('with an iss %s in the answer (RFC 9207 §2.4)', async (_which, iss, reason) => {
    const redeemed = web.issuer.requestsTo('/token').length;
    web.issuer.alterAnswer = ({ code, state }) => ({ code: code!, state: state!, ...(iss && { iss }) });
    await expectRefused(reason);
    expect(web.issuer.requestsTo('/token')).toHaveLength(redeemed);
  });

  it('when userinfo is about somebody else (OpenID Connect Core §5.3.2)', async () => {
    web.issuer.userinfo = { sub: 'mallory' };
    await expectRefused('unexpected \\"response\\" body \\"sub\\" property value');
  });
});

describe('An error of the issuer', () => {
  it.each([
    ['access_denied', 403, 'You are not signed in'],
    ['login_required', 502, 'You are not signed in'],
    ['temporarily_unavailable', 502, 'Signing in does not work just now'],
    ['something_new', 502, 'The sign-in server has refused it'],
  ])('%s is told on a page with a way to try again', async (error, status, words) => {
    web.issuer.alterAnswer = ({ state, iss }) => ({
      error,
      error_description: 'No & never.',
      state: state!,
      iss: iss!,
    });
    const { page } = await web.signedIn();
    expect(page.status).toBe(status);
    expect(page.text).toContain(words);
    expect(page.text).toContain('No &amp; never.');
    expect(page.text).toContain('href="/login"');
  });

  it('says nothing where the sign-in is not of this browser', async () => {
    const page = await web.browser().open('/callback?error=access_denied&error_description=Call+0900&state=x');
    expect(page.status).toBe(400);
    expect(page.text).not.toContain('0900');
  });
});

describe('The issuer', () => {
  it('may start later: the next try finds it', async () => {
    const late = await runWeb();
    late.issuer.outage = 503;
    const away = await late.signedIn();
    expect(away.page.status).toBe(502);
    late.issuer.outage = 0;
    expect((await late.signedIn()).page.text).toContain('Hello, Alice');
  });

  it('that nobody answers for is told on a page', async () => {
    const alone = await runWeb({ issuer: 'http://127.0.0.1:9' });
    const { page } = await alone.signedIn();
    expect(page.status).toBe(503);
    expect(page.text).toContain('The sign-in server does not answer');
  });

  it('is discovered once, however many people come first', async () => {
    const busy = await runWeb();
    await Promise.all([busy.signedIn(), busy.signedIn(), busy.signedIn()]);
    expect(busy.issuer.requestsTo('/.well-known/openid-configuration')).toHaveLength(1);
  });

  it('that calls itself otherwise is not believed', async () => {
    const other = await runWeb();
    other.issuer.metadata = { issuer: 'https://evil.example' };
    expect((await other.signedIn()).page.status).toBe(502);
  });
});
