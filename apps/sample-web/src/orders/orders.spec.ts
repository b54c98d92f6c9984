import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { publicUrl, runWeb, type RunningWeb } from '../running-web.spec.fixture.js';

let web: RunningWeb;

beforeAll(async () => {
  web = await runWeb();
});
beforeEach(() => {
  web.api.outage = 0;
  web.api.maxAge = undefined;
  web.api.orders.length = 0;
});

describe('The orders', () => {
  it('are asked from the API with the access token, and the newest are shown', async () => {
    for (let n = 1; n <= 12; n++) web.api.orders.push({ product: `tea no. ${n}.`, quantity: n, createdAt: 'today' });
    const { page } = await web.signedIn();
    expect(web.api.tokens.at(-1)).toMatch(/^access-/);
    expect(page.text).toContain('tea no. 12.');
    expect(page.text).not.toContain('tea no. 2.');
  });

  it('grow by the form', async () => {
    const { browser, page } = await web.signedIn();
    const home = await browser.submit(page, '/orders', { product: ' Tea & more ', quantity: '2' });
    expect(home.url).toBe(`${publicUrl}/`);
    expect(home.text).toContain('Tea &amp; more');
    expect(web.api.orders).toMatchObject([{ product: 'Tea & more', quantity: 2 }]);
  });

  it.each([
    { product: '', quantity: '1' },
    { product: '   ', quantity: '1' },
    { product: 'x'.repeat(201), quantity: '1' },
    { product: 'tea', quantity: '0' },
    { product: 'tea', quantity: '1001' },
    { product: 'tea', quantity: '1.5' },
    { product: 'tea', quantity: '-1' },
    { product: 'tea', quantity: 'many' },
  ])('do not grow by %j', async (order) => {
    const { browser, page } = await web.signedIn();
    const again = await browser.submit(page, '/orders', order);
    expect(again.status).toBe(400);
    expect(again.text).toContain('role="alert"');
    expect(web.api.orders).toEqual([]);
  });

  it('shrink by the button beside each', async () => {
    web.api.orders.push({ id: 'a/b', product: 'tea', quantity: 1 });
    const { browser, page } = await web.signedIn();
    const home = await browser.submit(page, '/orders/cancel');
    expect(home.url).toBe(`${publicUrl}/`);
    expect(web.api.orders).toEqual([]);
  });

  it('shrink after another sign-in, where the API asks for one (RFC 9470 §4)', async () => {
    web.api.orders.push({ id: '1', product: 'coffee', quantity: 1 });
    const { browser, page } = await web.signedIn();
    const tokens = web.api.tokens.length;
    web.api.maxAge = 300;
    web.issuer.person = { ...web.issuer.person, auth_time: Math.floor(Date.now() / 1000) };
    const asked = await browser.submit(page, '/orders/cancel');
    expect(web.issuer.requestsTo('/authorize').at(-1)).toMatchObject({ max_age: '300' });
    // The token that was refused, and then another one: a new sign-in and not the old token once more.
    expect(new Set(web.api.tokens.slice(tokens)).size).toBe(2);
    expect(asked.text).toContain('Cancel the order of coffee?');
    expect(web.api.orders).toHaveLength(1);
    await browser.submit(asked, '/orders/cancel');
    expect(web.api.orders).toEqual([]);
  });

  it('stay where the issuer does not do the sign-in that was asked for', async () => {
    web.api.orders.push({ id: '1', product: 'coffee', quantity: 1 });
    const { browser, page } = await web.signedIn();
    web.api.maxAge = 300;
    web.issuer.person = { ...web.issuer.person, auth_time: Math.floor(Date.now() / 1000) - 3600 };
    const answer = await browser.submit(page, '/orders/cancel');
    expect(answer.status).toBe(502);
    expect(web.api.orders).toHaveLength(1);
  });

  it('that are gone already need no cancelling', async () => {
    web.api.orders.push({ id: '1', product: 'tea', quantity: 1 });
    const { browser, page } = await web.signedIn();
    web.api.orders.length = 0;
    expect((await browser.submit(page, '/orders/cancel')).url).toBe(`${publicUrl}/`);
  });

  it.each([
    [401, 'does not take the access token'],
    [403, 'allows less than the sample API asks for'],
    [500, 'answers with the status 500'],
    // The access token is not carried on to wherever a redirect leads.
    [302, 'answers with the status 302'],
  ])('are replaced by a word about it when the API answers with %i', async (status, words) => {
    web.api.outage = status;
    const { browser, page } = await web.signedIn();
    expect(page.text).toContain(words);
    expect(page.text).toContain('Hello, Alice');
    const refused = await browser.submit(page, '/orders', { product: 'tea', quantity: '1' });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain(words);
  });

  it.each(['<html>', '', '{}', 'null'])(
    'are replaced by a word about it when the API answers with %j',
    async (nonsense) => {
      web.api.nonsense = nonsense;
      const { page } = await web.signedIn();
      web.api.nonsense = undefined;
      expect(page.status).toBe(200);
      expect(page.text).toContain('something that cannot be read');
    },
  );

  it('are shown as far as they can be read', async () => {
    web.api.orders.push({ product: 'tea', createdAt: 'yesterday' }, { product: { a: 1 }, quantity: null });
    const { page } = await web.signedIn();
    expect(page.status).toBe(200);
    expect(page.text).toContain('not told');
  });

  it('are replaced by a word about it when the API does not answer', async () => {
    const alone = await runWeb({ api: 'http://127.0.0.1:9' });
    expect((await alone.signedIn()).page.text).toContain('The sample API does not answer');
  });
});
