import { describe, expect, it } from '@jest/globals';
import { authorizeAddress, formsOf, signedInBrowser } from '../browser.spec.fixture.js';
import { adapters, client, runPages } from '../running-pages.spec.fixture.js';

const firefox = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0' };
const safari = {
  'user-agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1',
};

describe.each(adapters)('My applications, on %s', (adapter) => {
  const allowed = async () => {
    const server = await runPages({ clients: [client('notes', { requireConsent: true })] }, { adapter });
    const browser = await signedInBrowser(server, 'alice', firefox);
    const consent = await browser.open(authorizeAddress('notes'));
    await browser.submit(consent, { scope: ['openid', 'profile'], decision: 'allow', remember: 'yes' });
    return { server, browser };
  };
  const formWith = (html: string, name: string) =>
    formsOf(html).findIndex(({ hidden }) => hidden.some(([field]) => field === name));

  it('show what was allowed to whom, and take it back', async () => {
    const { browser } = await allowed();
    const page = await browser.open('/applications');
    expect(page.text).toContain('Acme Notes Since January 15, 2030 What Acme Notes may use Recognize you Your profile');
    const after = await browser.submit(page, {}, formWith(page.html, 'client_id'));
    expect(after.text).toContain('The access has been removed.');
    expect(after.text).toContain('No application has lasting access to your account.');
    expect((await browser.open(authorizeAddress('notes'))).address.pathname).toBe('/consent');
  });

  it('show where the person is signed in, and sign the others out', async () => {
    const { server, browser } = await allowed();
    const other = await signedInBrowser(server, 'alice', safari);
    const page = await browser.open('/applications');
    expect(page.text).toContain('Firefox on Linux This browser');
    expect(page.text).toContain('Safari on iPhone');
    expect(page.text).toContain('Used for Acme Notes');
    const after = await browser.submit(page, {}, formWith(page.html, 'session_id'));
    expect(after.text).toContain('That browser has been signed out.');
    expect(after.text).not.toContain('Safari on iPhone');
    expect((await other.open('/')).text).toContain('You are not signed in.');
    expect((await browser.open('/')).text).toContain('Hello, The alice');
  });

  it('cannot be changed by a stranger', async () => {
    const { browser } = await allowed();
    const page = await browser.open('/applications');
    const again = await browser.submit(page, { csrf: 'forged' }, formWith(page.html, 'client_id'));
    expect([again.status, again.text.includes('Acme Notes Since')]).toEqual([403, true]);
  });

  it('of one person cannot be ended by another', async () => {
    const { server, browser } = await allowed();
    const page = await browser.open('/applications');
    const own = /name="account" value="([^"]*)"/.exec(page.html)![1]!;
    const bob = await signedInBrowser(server, 'bob', safari);
    const bobs = await bob.open('/signout');
    await bob.submit(
      { ...bobs, html: bobs.html.replace('action="/signout"', 'action="/applications"') },
      { session_id: own },
    );
    expect((await browser.open('/')).text).toContain('Hello, The alice');
  });

  it('ask somebody to sign in first', async () => {
    const { server, browser } = await allowed();
    browser.forget();
    expect((await browser.open('/applications')).address.pathname).toBe('/signin');
    expect(server.url).toBeDefined();
  });
});
