import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { publicUrl, runWeb, type RunningWeb } from '../running-web.spec.fixture.js';

let web: RunningWeb;

beforeAll(async () => {
  web = await runWeb();
});
beforeEach(() => {
  web.issuer.outage = 0;
});

describe('Signing out', () => {
  it('ends the session here and at the issuer, and comes back (RP-Initiated Logout §2)', async () => {
    const { browser, page } = await web.signedIn();
    const signedOut = await browser.submit(page, '/sign-out');
    expect(signedOut.url).toMatch(new RegExp(`^${publicUrl}/signed-out\\?state=[\\w-]{43}$`));
    expect(signedOut.text).toContain(`Here, and at <strong>${web.issuer.url}</strong>`);
    const [request] = web.issuer.requestsTo('/end-session').slice(-1);
    expect(request).toMatchObject({
      client_id: 'web_client',
      post_logout_redirect_uri: `${publicUrl}/signed-out`,
      state: new URL(signedOut.url).searchParams.get('state'),
    });
    expect(web.issuer.secrets).toContain(request!.id_token_hint);
    expect((await browser.open('/')).text).toContain('Welcome');
  });

  it('makes a copy of the cookie worthless', async () => {
    const { browser, page } = await web.signedIn();
    const thief = web.browser();
    browser.cookies.forEach((value, name) => thief.cookies.set(name, value));
    await browser.submit(page, '/sign-out');
    expect((await thief.open('/')).text).toContain('Welcome');
  });

  it('revokes the refresh token', async () => {
    const { browser, page } = await web.signedIn();
    await browser.submit(page, '/sign-out');
    const [request] = web.issuer.requestsTo('/revoke').slice(-1);
    expect(request!.token).toMatch(/^refresh-/);
    expect(request!.token_type_hint).toBe('refresh_token');
  });

  it('leaves other browsers of the same person signed in', async () => {
    const { browser, page } = await web.signedIn();
    const { browser: other } = await web.signedIn();
    await browser.submit(page, '/sign-out');
    expect((await other.open('/')).text).toContain('Hello, Alice');
  });

  it('works while the issuer is away', async () => {
    const { browser, page } = await web.signedIn();
    web.issuer.outage = 503;
    const atIssuer = await browser.submit(page, '/sign-out', {}, 0);
    expect(atIssuer.headers.get('location')).toContain('/end-session?');
    expect((await browser.open('/')).text).toContain('Welcome');
  });

  it('works at an issuer that has no such endpoint', async () => {
    const small = await runWeb();
    small.issuer.metadata = { end_session_endpoint: undefined, revocation_endpoint: undefined };
    const { browser, page } = await small.signedIn();
    const signedOut = await browser.submit(page, '/sign-out');
    expect(signedOut.text).toContain('This application does not know you any more');
    expect((await browser.open('/')).text).toContain('Welcome');
  });

  it('is claimed to be complete only for the state of this browser', async () => {
    const { browser, page } = await web.signedIn();
    await browser.submit(page, '/sign-out', {}, 0);
    expect((await browser.open(`/signed-out?state=${'x'.repeat(43)}`)).text).not.toContain('Here, and at');
    expect((await browser.open('/signed-out')).text).not.toContain('Here, and at');
  });

  it('has no page for somebody who is signed in', async () => {
    const { browser } = await web.signedIn();
    expect((await browser.open('/signed-out')).url).toBe(`${publicUrl}/`);
  });
});

describe('A form of another site', () => {
  it.each(['/sign-out', '/refresh', '/orders'])('does nothing at %s', async (action) => {
    const { browser } = await web.signedIn();
    const [orders, revoked, asked] = [
      web.api.orders,
      web.issuer.requestsTo('/revoke'),
      web.issuer.requestsTo('/token'),
    ];
    const fields = { product: 'tea', quantity: '1' };
    for (const token of [{}, { form_token: '' }, { form_token: 'x'.repeat(43) }]) {
      const page = await browser.open(action, { form: { ...fields, ...token } as Record<string, string> });
      expect(page.status).toBe(403);
      expect(page.text).toContain('This form is not from here');
    }
    expect((await browser.open('/')).text).toContain('Hello, Alice');
    expect(web.api.orders).toEqual(orders);
    expect(web.issuer.requestsTo('/revoke')).toEqual(revoked);
    expect(web.issuer.requestsTo('/token')).toEqual(asked);
  });

  it('does nothing with the token of another session', async () => {
    const { browser } = await web.signedIn();
    const { page: attackers } = await web.signedIn();
    expect((await browser.submit(attackers, '/sign-out')).status).toBe(403);
    expect((await browser.open('/')).text).toContain('Hello, Alice');
  });

  it.each(['/sign-out', '/refresh', '/orders'])(
    'at %s is nothing for somebody who is not signed in',
    async (action) => {
      const page = await web.browser().open(action, { form: { form_token: 'x' } });
      expect(page.status).toBe(403);
      expect(page.text).toContain('Your session has ended');
    },
  );

  it.each(['/sign-out', '/refresh', '/orders'])('cannot be replaced by a link to %s', async (action) => {
    const { browser } = await web.signedIn();
    expect((await browser.open(action)).status).toBe(404);
    expect((await browser.open('/')).text).toContain('Hello, Alice');
  });
});
