import { describe, expect, it } from '@jest/globals';
import { authorizeAddress, linkOf, signIn, signedInBrowser } from '../browser.spec.fixture.js';
import { adapters, runPages } from '../running-pages.spec.fixture.js';

describe.each(adapters)('The choice of an account, on %s', (adapter) => {
  const choose = async () => {
    const server = await runPages({}, { adapter });
    const browser = await signedInBrowser(server);
    const page = await browser.open(authorizeAddress('notes', { prompt: 'select_account' }));
    return { server, browser, page };
  };

  it('goes on as the person who is signed in', async () => {
    const { browser, page } = await choose();
    expect([page.address.pathname, page.text.includes('Continue as The alice')]).toEqual(['/account', true]);
    const { address } = await browser.submit(page, { action: 'continue' });
    expect([address.host, address.searchParams.has('code')]).toEqual(['notes.example', true]);
  });

  it('goes on as somebody else, who signs in first', async () => {
    const { browser, page } = await choose();
    const other = await browser.open(linkOf(page, '/signin?'));
    expect([other.status, other.address.pathname]).toEqual([200, '/signin']);
    const { address } = await signIn(browser, other, 'bob');
    expect([address.host, address.searchParams.has('code')]).toEqual(['notes.example', true]);
    expect((await browser.open('/')).text).toContain('Hello, The bob');
  });

  it('goes back to the application without an answer', async () => {
    const { browser, page } = await choose();
    const { address } = await browser.submit(page, { action: 'cancel' });
    expect([address.host, address.searchParams.get('error')]).toEqual(['notes.example', 'access_denied']);
  });

  it('asks again where somebody else has signed in since, in another tab', async () => {
    const { browser, page } = await choose();
    const other = await browser.open(linkOf(page, '/signin?'));
    const second = await browser.open(authorizeAddress('notes', { prompt: 'select_account' }));
    await signIn(browser, other, 'bob');
    const again = await browser.submit(second, { action: 'continue' });
    expect([again.status, again.text.includes('You are now signed in as The bob.')]).toEqual([403, true]);
    expect((await browser.submit(again, { action: 'continue' })).address.host).toBe('notes.example');
  });

  it('does nothing with a form that is not of this browser', async () => {
    const { browser, page } = await choose();
    expect((await browser.submit(page, { action: 'continue', csrf: 'forged' })).status).toBe(403);
  });

  it('that is over says so', async () => {
    const { browser, page } = await choose();
    await browser.submit(page, { action: 'continue' });
    const lost = await browser.open(page.address.href);
    expect([lost.status, lost.text.includes('This page is no longer valid')]).toEqual([404, true]);
    const late = await browser.submit(page, { action: 'continue' });
    expect([late.status, late.text.includes('Back to Acme Notes')]).toEqual([404, true]);
  });
});
