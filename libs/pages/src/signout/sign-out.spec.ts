import { describe, expect, it } from '@jest/globals';
import { authorizeAddress, Browser, signedInBrowser } from '../browser.spec.fixture.js';
import { adapters, client, runPages } from '../running-pages.spec.fixture.js';

describe.each(adapters)('The sign-out pages, on %s', (adapter) => {
  const run = (options: Parameters<typeof runPages>[0] = {}) => runPages(options, { adapter });

  it('ask, and sign out', async () => {
    const browser = await signedInBrowser(await run());
    const page = await browser.open('/signout');
    expect(page.text).toContain('Sign out?');
    expect(page.text).toContain('Signed in as The alice');
    const done = await browser.submit(page);
    expect([done.address.pathname, done.text.includes('You are signed out')]).toEqual(['/signedout', true]);
    expect((await browser.open('/')).text).toContain('You are not signed in.');
  });

  it('say that it is done where nobody is signed in', async () => {
    const page = await new Browser(await run()).open('/signout');
    expect([page.status, page.text.includes('You are signed out')]).toEqual([200, true]);
  });

  it('of a stranger sign nobody out (OpenID Connect RP-Initiated Logout §6)', async () => {
    const browser = await signedInBrowser(await run());
    const again = await browser.submit(await browser.open('/signout'), { csrf: 'forged' });
    expect([again.status, again.text.includes('Sign out?')]).toEqual([403, true]);
    expect((await browser.open('/')).text).toContain('Hello, The alice');
    expect((await browser.submit(again)).text).toContain('You are signed out');
  });

  it('go back to the application that asked', async () => {
    const browser = await signedInBrowser(await run());
    const query = new URLSearchParams({
      client_id: 'notes',
      post_logout_redirect_uri: 'https://notes.example/bye',
      state: 's1',
    });
    const page = await browser.open(`/connect/endsession?${query.toString()}`);
    expect([page.address.pathname, page.text.includes('Acme Notes would like to sign you out.')]).toEqual([
      '/signout',
      true,
    ]);
    // Browsers hold the answer to the form to the policy of the page.
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self' https:;");
    const { address } = await browser.submit(page);
    expect(address.href).toBe('https://notes.example/bye?state=s1');
  });

  it('tell the other applications in frames, and then go back', async () => {
    const others = [
      client('shop', {
        frontChannelLogoutUri: 'https://shop.example/out',
        redirectUris: ['https://shop.example/callback'],
      }),
      client('notes'),
    ];
    const browser = await signedInBrowser(await run({ clients: others }));
    await browser.open(authorizeAddress('shop', { redirect_uri: 'https://shop.example/callback' }));
    const query = new URLSearchParams({ client_id: 'notes', post_logout_redirect_uri: 'https://notes.example/bye' });
    const done = await browser.submit(await browser.open(`/connect/endsession?${query.toString()}`));
    expect(done.address.pathname).toBe('/signedout');
    expect(done.html).toMatch(
      /<iframe src="https:\/\/shop\.example\/out\?[^"]*sid=[^"]*" sandbox="allow-same-origin allow-scripts"[^>]* hidden>/,
    );
    expect(done.html).toContain('href="https://notes.example/bye" data-return>Back to Acme Notes</a>');
    // Without JavaScript as well.
    expect(done.html).toContain(
      '<noscript><meta http-equiv="refresh" content="4;url=https://notes.example/bye"></noscript>',
    );
    const policy = done.headers.get('content-security-policy');
    expect(policy).toContain('frame-src https://shop.example;');
    expect(policy).toContain("script-src 'self';");
  });
});
