import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { runWeb, type RunningWeb } from '../running-web.spec.fixture.js';
import { FreshTokens } from './fresh-tokens.js';
import { InMemorySessionStore } from './in-memory-session.store.js';

let web: RunningWeb;
const refreshes = () =>
  web.issuer.requestsTo('/token').filter(({ grant_type }) => grant_type === 'refresh_token').length;

beforeAll(async () => {
  web = await runWeb();
});
beforeEach(() => {
  const { issuer, api } = web;
  Object.assign(issuer, { tokenLifetime: 3600, outage: 0, beforeTokens: Promise.resolve() });
  issuer.alterIdToken = (claims) => claims;
  api.outage = 0;
});

describe('The tokens of a session', () => {
  it('are used as they are while they are good', async () => {
    const before = refreshes();
    const { browser } = await web.signedIn();
    await browser.open('/');
    expect(refreshes()).toBe(before);
    expect(new Set(web.api.tokens.slice(-2)).size).toBe(1);
  });

  it('are refreshed when the access token is about to end, and once only', async () => {
    const before = refreshes();
    const { browser } = await web.signedIn();
    web.clock.advance(3600 - FreshTokens.margin);
    await browser.open('/');
    await browser.open('/');
    expect(refreshes()).toBe(before + 1);
    expect(web.api.tokens.at(-1)).not.toBe(web.api.tokens.at(-3));
    expect(web.api.tokens.at(-1)).toBe(web.api.tokens.at(-2));
  });

  it('are refreshed once for requests that come at the same moment, for the refresh token is good for one use', async () => {
    const before = refreshes();
    const { browser } = await web.signedIn();
    web.clock.advance(3600);
    const pages = await Promise.all([1, 2, 3, 4, 5].map(() => browser.open('/')));
    expect(pages.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(refreshes()).toBe(before + 1);
  });

  it('are refreshed when the person asks for it', async () => {
    const before = refreshes();
    const { browser, page } = await web.signedIn();
    const home = await browser.submit(page, '/refresh');
    expect(home.text).toContain('Hello, Alice');
    expect(refreshes()).toBe(before + 1);
  });

  it('of one session do not wait for those of another', async () => {
    const [slow, quick] = [await web.signedIn(), await web.signedIn()];
    const before = refreshes();
    await Promise.all([slow.browser.submit(slow.page, '/refresh'), quick.browser.submit(quick.page, '/refresh')]);
    expect(refreshes()).toBe(before + 2);
  });

  it('are replaced once when the API refuses a token before its time', async () => {
    const before = refreshes();
    const { browser } = await web.signedIn();
    web.api.refused.add(web.api.tokens.at(-1)!);
    expect((await browser.open('/')).text).toContain('There are none yet');
    expect(refreshes()).toBe(before + 1);
  });

  it('end the session when the issuer gives no more', async () => {
    const { browser, page } = await web.signedIn();
    web.issuer.revokeRefreshTokens();
    const ended = await browser.submit(page, '/refresh');
    expect(ended.status).toBe(403);
    expect(ended.text).toContain('Your session has ended');
    expect((await browser.open('/')).text).toContain('Welcome');
  });

  it('are used to their end while the issuer is away; then the page says so, and the session waits', async () => {
    const { browser } = await web.signedIn();
    web.issuer.outage = 503;
    web.clock.advance(3600 - 10);
    expect((await browser.open('/')).text).toContain('There are none yet');
    web.clock.advance(10);
    expect((await browser.open('/')).text).toContain('Something went wrong at the sign-in server');
    web.issuer.outage = 0;
    expect((await browser.open('/')).text).toContain('There are none yet');
  });

  it('of somebody else end the session (OpenID Connect Core §12.2)', async () => {
    const { browser, page } = await web.signedIn();
    web.issuer.alterIdToken = (claims) => ({ ...claims, sub: 'mallory' });
    expect((await browser.submit(page, '/refresh')).text).toContain('Your session has ended');
    expect((await browser.open('/')).text).toContain('Welcome');
  });

  it('that come when the session has ended do not bring it back', async () => {
    const { browser, page } = await web.signedIn();
    let letGo = () => {};
    web.issuer.beforeTokens = new Promise<void>((resolve) => (letGo = resolve));
    const asked = web.issuer.requestsTo('/token').length;
    const refreshing = browser.submit(page, '/refresh');
    while (web.issuer.requestsTo('/token').length === asked) await new Promise((resolve) => setTimeout(resolve, 5));
    await browser.submit(page, '/sign-out');
    letGo();
    expect((await refreshing).text).toContain('Your session has ended');
    expect((await browser.open('/')).text).toContain('Welcome');
  });

  it('are forgotten when the lifetime of the session is over', async () => {
    const { browser } = await web.signedIn();
    web.clock.advance(InMemorySessionStore.lifetime);
    expect((await browser.open('/')).text).toContain('Welcome');
  });
});
