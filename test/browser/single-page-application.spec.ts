import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { User, UserManager } from 'oidc-client-ts';
import type { Page } from 'playwright-core';
import { answerAt, authorizeAddress, issuer, type Landscape, signIn, startLandscape } from './landscape.fixture.js';

const origin = 'https://tasks.acme.example';
const library = readFileSync(
  join(createRequire(import.meta.url).resolve('oidc-client-ts'), '../../browser/oidc-client-ts.min.js'),
  'utf8',
);
const settings = {
  authority: issuer,
  client_id: 'spa',
  redirect_uri: `${origin}/callback`,
  silent_redirect_uri: `${origin}/silent`,
  post_logout_redirect_uri: `${origin}/`,
  scope: 'openid profile api1',
  monitorSession: true,
  checkSessionIntervalInSeconds: 1,
};
const document = `<!doctype html><title>Acme Tasks</title><script src="/oidc-client-ts.js"></script>
<script>window.manager = new oidc.UserManager(${JSON.stringify(settings)})</script>`;
const silent = `<!doctype html><script src="/oidc-client-ts.js"></script>
<script>new oidc.UserManager(${JSON.stringify(settings)}).signinSilentCallback()</script>`;

/** The application: one page that holds the library, and the page of the frame in which it renews silently. */
const serve: RequestListener = ({ url }, response) => {
  if (url === '/oidc-client-ts.js') response.setHeader('content-type', 'text/javascript').end(library);
  else response.setHeader('content-type', 'text/html').end(url?.startsWith('/silent') ? silent : document);
};

// Both are there in the page alone.
declare const manager: UserManager;
declare const told: string[];

describe('A single-page application with oidc-client-ts', () => {
  let landscape: Landscape;
  let page: Page;
  beforeAll(async () => (landscape = await startLandscape({ applications: serve, realTime: true })), 60_000);
  afterAll(() => landscape.close());

  beforeEach(async () => {
    page = await landscape.visit();
    await page.goto(`${origin}/`);
    await page.evaluate(() => void manager.signinRedirect());
    await signIn(page);
    await page.waitForURL(`${origin}/callback?**`);
  });
  const callback = () => page.evaluate<User>(async () => (await manager.signinCallback())!);

  test('signs in with code and PKCE, and calls userinfo', async () => {
    const user = await callback();
    expect(user).toMatchObject({ token_type: 'Bearer', profile: { sub: '1', iss: issuer, aud: 'spa' } });
    expect(await page.evaluate(() => manager.metadataService.getUserInfoEndpoint())).toBe(`${issuer}/connect/userinfo`);
    const name = await page.evaluate(async (token) => {
      const answer = await fetch(await manager.metadataService.getUserInfoEndpoint(), {
        headers: { authorization: `Bearer ${token}` },
      });
      return ((await answer.json()) as { name: string }).name;
    }, user.access_token);
    expect(name).toBe('Alice Smith');
  });

  test('renews its tokens silently in a frame, without a page', async () => {
    const first = await callback();
    const second = await page.evaluate(async () => (await manager.signinSilent())!);
    expect(second.access_token).not.toBe(first.access_token);
    expect(second.profile.sid).toBe(first.profile.sid);
    expect(page.url()).toContain(`${origin}/callback`);
  });

  test('renews them with a refresh token where it has one', async () => {
    await page.goto(`${origin}/`);
    await page.evaluate(() => void manager.signinRedirect({ scope: 'openid offline_access' }));
    await page.waitForURL(`${origin}/callback?**`);
    const first = await callback();
    expect(first.refresh_token).toEqual(expect.any(String));
    const second = await page.evaluate(async () => (await manager.signinSilent())!);
    expect(second.refresh_token).not.toBe(first.refresh_token);
  });

  test('learns by the session frame that the person has signed out elsewhere', async () => {
    await callback();
    await page.evaluate(() => {
      Object.assign(globalThis, { told: [] });
      manager.events.addUserSignedOut(() => void told.push('signed out'));
    });
    const other = await page.context().newPage();
    await other.goto(`${issuer}/signout`);
    await other.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForFunction(() => told.includes('signed out'));
  });

  test('signs out, and comes back', async () => {
    await callback();
    await page.evaluate(() => void manager.signoutRedirect());
    await page.waitForURL(`${origin}/`);
    await page.goto(authorizeAddress('mail', { prompt: 'none' }));
    expect((await answerAt(page, 'mail.example')).get('error')).toBe('login_required');
  });
});
