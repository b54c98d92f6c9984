import { describe, expect, it } from '@jest/globals';
import { authorizeAddress, Browser, formsOf, signIn, signedInBrowser } from '../browser.spec.fixture.js';
import { adapters, client, runPages } from '../running-pages.spec.fixture.js';

describe.each(adapters)('The sign-in page, on %s', (adapter) => {
  const run = (options: Parameters<typeof runPages>[0] = {}) => runPages(options, { adapter });

  it('leads through the sign-in back to the application, with a code and its state', async () => {
    const browser = new Browser(await run());
    const page = await browser.open(authorizeAddress('notes'));
    expect([page.status, page.address.pathname]).toEqual([200, '/signin']);
    expect(page.text).toContain('Sign in A to continue to Acme Notes');
    const { address } = await signIn(browser, page);
    expect(address.origin + address.pathname).toBe('https://notes.example/callback');
    expect(address.searchParams.get('state')).toBe('the-state');
    expect(address.searchParams.get('code')).toMatch(/^[\w-]{20,}$/);
  });

  it.each(['alice', 'nobody-of-that-name'])(
    'says the same about a wrong password of %s, and keeps the name',
    async (username) => {
      const browser = new Browser(await run());
      const page = await browser.submit(await browser.open(authorizeAddress('notes')), {
        username,
        password: 'wrong',
        rememberMe: 'true',
      });
      expect(page.status).toBe(400);
      expect(page.text).toContain('The username or the password is not correct.');
      expect(page.html).toContain('<title>Error: Sign in · Tessera</title>');
      expect(page.html).toMatch(/role="alert"/);
      expect(page.html).toContain(`value="${username}"`);
      expect(page.html).toMatch(/name="rememberMe"[^>]* checked/);
      // The password is entered again, and a screen reader says why.
      expect(page.html).toMatch(/name="password"[^>]*aria-invalid="true" aria-describedby="notice" autofocus/);
      expect(page.html).not.toContain('wrong"');
      expect((await signIn(browser, page)).address.host).toBe('notes.example');
    },
  );

  it.each<Record<string, string>>([{ username: 'alice' }, { password: 'x' }, {}])(
    'asks for both where %j came alone',
    async (fields) => {
      const browser = new Browser(await run());
      const page = await browser.submit(await browser.open(authorizeAddress('notes')), fields);
      expect([page.status, page.text.includes('Please enter your username and your password.')]).toEqual([400, true]);
    },
  );

  it.each([
    ['patience', '27', 'Please try again in 27 seconds.'],
    ['long-patience', '600', 'Please try again in 10 minutes.'],
  ])('tells %s when to try again after too many attempts', async (username, seconds, words) => {
    const browser = new Browser(await run());
    const page = await browser.submit(await browser.open(authorizeAddress('notes')), { username, password: 'x' });
    expect([page.status, page.headers.get('retry-after')]).toEqual([429, seconds]);
    expect(page.text).toContain(words);
  });

  it('sends somebody who cancels back to the application (RFC 6749 §4.1.2.1)', async () => {
    const browser = new Browser(await run());
    const { address } = await browser.submit(await browser.open(authorizeAddress('notes')), { action: 'cancel' });
    expect([address.host, address.searchParams.get('error'), address.searchParams.get('state')]).toEqual([
      'notes.example',
      'access_denied',
      'the-state',
    ]);
  });

  it('does nothing with a form that is not of this browser, and can be sent again', async () => {
    const server = await run();
    const [browser, other] = [new Browser(server), new Browser(server)];
    const page = await browser.open(authorizeAddress('notes'));
    const foreign = await other.open(authorizeAddress('notes'));
    const csrf = formsOf(foreign.html)[0]!.hidden.find(([name]) => name === 'csrf')![1];
    const again = await browser.submit(page, { csrf, username: 'alice', password: 'ecila' });
    expect(again.status).toBe(403);
    expect(again.text).toContain('This page had been open for too long');
    expect(again.html).toContain('value="alice"');
    expect((await signIn(browser, again)).address.host).toBe('notes.example');
  });

  it('keeps its address when it is shown again, so that it can be loaded again', async () => {
    const browser = new Browser(await run());
    const page = await browser.submit(await browser.open(authorizeAddress('notes')), {
      username: 'alice',
      password: 'x',
    });
    expect((await browser.open(page.address.href)).status).toBe(200);
  });

  it('goes on at once for somebody who has signed in meanwhile, in another tab or by going back', async () => {
    const browser = new Browser(await run({ clients: [client('notes', { requireConsent: true })] }));
    const page = await browser.open(authorizeAddress('notes'));
    await signIn(browser, page);
    expect((await browser.open(page.address.href)).address.pathname).toBe('/consent');
  });

  it('fills in the name that the application knows, escaped', async () => {
    const browser = new Browser(await run());
    const { html } = await browser.open(authorizeAddress('notes', { login_hint: '"><script>alert(1)</script>' }));
    expect(html).toContain('value="&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"');
    expect(html).not.toContain('<script');
  });

  it('signs in to the server itself where no application waits', async () => {
    const browser = new Browser(await run());
    const page = await browser.open('/signin');
    expect(page.text).not.toContain('Cancel');
    const home = await signIn(browser, page);
    expect([home.address.pathname, home.text.includes('Hello, The alice')]).toEqual(['/', true]);
    expect((await browser.open('/signin')).address.pathname).toBe('/');
  });

  it.each(['https://evil.example', '//evil.example', 'evil', 'device/../../evil'])(
    'never leads to %s afterwards',
    async (address) => {
      const browser = new Browser(await run());
      const page = await browser.open(`/signin?return=${encodeURIComponent(address)}`);
      expect((await signIn(browser, page)).address.pathname).toBe('/');
    },
  );

  it('leads on to where the person wanted to go', async () => {
    const browser = new Browser(await run());
    const page = await browser.open('/applications');
    expect([page.address.pathname, page.text.includes('to see your applications')]).toEqual(['/signin', true]);
    const wrong = await browser.submit(page, { username: 'alice', password: 'x' });
    expect((await signIn(browser, wrong)).address.pathname).toBe('/applications');
  });

  it('offers no password where the application does not let one in, and takes none', async () => {
    const browser = new Browser(await run({ clients: [client('notes', { enableLocalLogin: false })] }));
    const page = await browser.open(authorizeAddress('notes'));
    expect(page.html).not.toContain('type="password"');
    expect(page.text).toContain('There is no way to sign in to Acme Notes here.');
    const refused = await browser.submit(page, { action: 'signIn', username: 'alice', password: 'ecila' });
    expect([refused.status, refused.text.includes('not possible to sign in to Acme Notes with a password')]).toEqual([
      400,
      true,
    ]);
  });

  it('speaks the language that the application asks for', async () => {
    const browser = new Browser(await run(), { 'accept-language': 'de' });
    expect((await browser.open('/signin')).html).toContain('<html lang="de" dir="ltr">');
    expect((await browser.open(authorizeAddress('notes', { ui_locales: 'ar de' }))).html).toContain(
      '<html lang="ar" dir="rtl">',
    );
  });

  it('is small for an application that opened a small window', async () => {
    const browser = new Browser(await run());
    expect((await browser.open(authorizeAddress('notes', { display: 'popup' }))).html).toContain('<body class="popup');
  });

  it('lets its form lead to where the application is answered, and loads nothing from elsewhere', async () => {
    const browser = new Browser(await run());
    const { headers } = await browser.open(authorizeAddress('notes'));
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; img-src 'self' https: data:; form-action 'self' https:; frame-ancestors 'none'; base-uri 'none'",
    );
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-type')).toMatch(/^text\/html; charset=utf-8$/i);
  });

  it('leads to the page where people register, if there is one', async () => {
    const browser = new Browser(await run({ createAccountPath: 'register' }));
    expect((await browser.open(authorizeAddress('notes'))).html).toMatch(
      /href="\/register\?interaction=[\w-]+&amp;client_id=notes"/,
    );
  });

  it('that is over says so, and leads back to the application', async () => {
    const browser = new Browser(await run());
    const page = await browser.open(authorizeAddress('notes'));
    await signIn(browser, page);
    const lost = await browser.open(page.address.href);
    expect([lost.status, lost.text.includes('This page is no longer valid')]).toEqual([404, true]);
    expect(lost.html).toContain('href="https://notes.example/start?iss=');
  });

  it.each(['too late', 'without its cookies'])('leads back to the application where it is sent %s', async (how) => {
    const server = await run();
    const browser = new Browser(server);
    const page = await browser.open(authorizeAddress('notes'));
    if (how === 'too late') server.clock.advance(24 * 3600);
    else browser.forget();
    const lost = await signIn(browser, page);
    expect([lost.status, lost.text.includes('Back to Acme Notes')]).toEqual([404, true]);
  });

  it('of another browser opens nothing', async () => {
    const server = await run();
    const page = await new Browser(server).open(authorizeAddress('notes'));
    expect((await new Browser(server).open(page.address.href)).status).toBe(404);
    expect((await (await signedInBrowser(server)).open(page.address.href)).status).toBe(404);
  });
});
