import { beforeAll, describe, expect, it } from '@jest/globals';
import { FakeIssuer } from '../fake-issuer.spec.fixture.js';
import { runWeb, type RunningWeb } from '../running-web.spec.fixture.js';

let web: RunningWeb;

beforeAll(async () => {
  web = await runWeb();
});

describe('The pages', () => {
  it('show whatever is in claims and orders as text', async () => {
    const script = `"><script>alert('1')</script>`;
    const { person, userinfo } = web.issuer;
    web.issuer.person = { ...person, sid: script, '</td><img src=x>': 1 };
    web.issuer.userinfo = { name: script, nested: { deep: script }, '{{ formToken }}': '{{ formToken }}' };
    web.api.orders.push({ product: script, quantity: 1, createdAt: script });
    const { text } = (await web.signedIn()).page;
    Object.assign(web.issuer, { person, userinfo });
    expect(text).not.toMatch(/<script|<img src=x/);
    expect(text.match(/&lt;script&gt;/g)!.length).toBeGreaterThanOrEqual(5);
    expect(text).toContain('{{ formToken }}');
  });

  it.each(['/', '/signed-out', '/nowhere', '/callback', '/login?prompt=none', '/%zz'])(
    '%s comes with the headers that keep scripts, frames and caches out',
    async (path) => {
      const { headers, text } = await web.browser().open(path);
      const policy = headers.get('content-security-policy');
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(text).not.toContain('<script');
      expect(text).not.toMatch(/ style="| on\w+="/);
    },
  );

  it('load one stylesheet and one icon, which browsers may keep', async () => {
    const browser = web.browser();
    const { text } = await browser.open('/');
    const links = [...text.matchAll(/<link rel="\w+" href="([^"]+)"/g)].map(([, href]) => href!);
    expect(links).toHaveLength(2);
    for (const link of links) {
      const { status, headers } = await browser.open(link);
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toContain('immutable');
      expect(headers.get('content-type')).toMatch(/^(text\/css|image\/svg)/);
    }
  });

  it('say as which client they are known, so that two of them can be told apart', async () => {
    const { text } = await web.browser().open('/');
    expect(text).toContain(`as <code>${FakeIssuer.client.id}</code>`);
    expect(text).toContain(`<title>Welcome – Sample Web (${FakeIssuer.client.id})</title>`);
  });

  it('tell of a page that does not exist', async () => {
    const page = await web.browser().open('/nowhere?a=<b>');
    expect(page.status).toBe(404);
    expect(page.text).toContain('There is no such page');
    expect(page.text).not.toContain('<b>');
  });

  it('tell of a form that is too large', async () => {
    const page = await web.browser().open('/orders', { form: { product: 'x'.repeat(20_000) } });
    expect(page.status).toBe(413);
  });
});

describe('The health', () => {
  it('can be asked by anybody, and does not depend on the issuer', async () => {
    const alone = await runWeb({ issuer: 'http://127.0.0.1:9' });
    const page = await alone.browser().open('/health');
    expect(page.status).toBe(200);
    expect(JSON.parse(page.text)).toEqual({ status: 'ok' });
  });
});

describe('The log', () => {
  it('has a line for each request, and never a code, a token, a verifier, a cookie or a query', async () => {
    const { browser, page } = await web.signedIn();
    const home = await browser.submit(page, '/refresh');
    const cookies = [...browser.cookies.values()];
    await browser.submit(home, '/sign-out');
    await browser.open('/callback?code=code-in-the-query&state=state-in-the-query');
    await browser.open('/code-in-the-path');
    await browser.open('/backchannel-logout', { form: { logout_token: 'logout-token-in-the-form' } });
    web.issuer.signingKey = web.issuer.strangersKey;
    await web.signedIn();
    web.issuer.alterAnswer = ({ state, iss }) => ({
      error: 'server_error',
      error_description: 'words',
      state: state!,
      iss: iss!,
    });
    await web.signedIn();
    const log = web.logText();
    expect(log).toContain('"path":"/callback","status":303');
    expect(log).toContain('"path":"…","status":404');
    const states = web.issuer.requests.flatMap(({ parameters: { state, nonce } }) => [state, nonce]);
    const secrets = [...web.issuer.secrets, ...cookies, ...states].filter(Boolean) as string[];
    expect(secrets.length).toBeGreaterThan(20);
    for (const secret of secrets) expect(log).not.toContain(secret);
    expect(log).not.toMatch(/in-the-(query|path|form)/);
  });
});
