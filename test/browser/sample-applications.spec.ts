import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './chromium.js';
import { signIn } from './landscape.fixture.js';
import { expectAccessible, expectFitting, picture } from './look.fixture.js';
import { type RunningSample, startSample } from './running-sample.fixture.js';

describe('The sample, as npm start runs it, with its web application twice', () => {
  let sample: RunningSample;
  let chromium: Browser;
  beforeAll(async () => {
    [sample, chromium] = await Promise.all([startSample(), launchChromium()]);
  }, 120_000);
  // Pages that are still open must not keep the servers from ending.
  afterAll(async () => {
    expect(await sample.close()).toContain('All have ended.');
    await chromium.close();
  }, 30_000);

  const visit = async () => {
    const context = await chromium.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1100, height: 900 } });
    context.setDefaultTimeout(15_000);
    return context.newPage();
  };
  const signInAt = async (page: Page, web: string, username = 'alice') => {
    await page.goto(web);
    await page.getByRole('link', { name: 'Sign in', exact: true }).click();
    await signIn(page, username);
  };
  const greets = (page: Page, name: string) => page.getByRole('heading', { name: `Hello, ${name}` }).waitFor();

  test('signs a person in, shows the claims, calls the API, refreshes, and signs out', async () => {
    const page = await visit();
    await page.goto(sample.web);
    await expectAccessible(page);
    await signInAt(page, sample.web);
    await greets(page, 'Alice Smith');
    await expectAccessible(page);
    await expectFitting(page);
    expect(await page.textContent('main')).toContain('https://alice.example');
    await page.getByLabel('Product').fill('Tea');
    await page.getByLabel('Quantity').fill('3');
    await page.getByRole('button', { name: 'Order' }).click();
    await page.getByRole('cell', { name: 'Tea' }).waitFor();
    await page.getByRole('button', { name: 'Refresh the tokens' }).click();
    await greets(page, 'Alice Smith');
    await picture(page, 'sample-web');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
    expect(new URL(page.url()).origin).toBe(sample.web);
  });

  test('gives the browser no token', async () => {
    const page = await visit();
    await signInAt(page, sample.web);
    await greets(page, 'Alice Smith');
    const cookies = (await page.context().cookies()).map(({ value }) => value).join(' ');
    const storage = await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])');
    expect(`${await page.content()} ${cookies} ${String(storage)}`).not.toMatch(/eyJ[\w-]+\.[\w-]+\.[\w-]+/);
  });

  test('signs a person in at the page that describes the API, and calls the API from there', async () => {
    const page = await visit();
    await page.goto(`${sample.api}/docs`);
    await page.getByRole('button', { name: 'Authorize' }).click();
    const popup = page.waitForEvent('popup');
    await page.getByRole('button', { name: 'Apply given OAuth2 credentials' }).click();
    await signIn(await popup, 'bob');
    await page.getByRole('button', { name: 'Remove authorization' }).waitFor();
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    const route = page.locator('#operations-Orders-OrdersController_listAll');
    await route.locator('.opblock-summary-control').click();
    await route.getByRole('button', { name: 'Try it out' }).click();
    // Before the call: its curl line shows the token.
    await picture(page, 'sample-api');
    const answered = page.waitForResponse(`${sample.api}/orders/all`);
    await route.getByRole('button', { name: 'Execute' }).click();
    expect((await answered).status()).toBe(200);
  });

  test('signs in once for both applications, and out of both', async () => {
    const first = await visit();
    const second = await first.context().newPage();
    await signInAt(first, sample.web);
    await greets(first, 'Alice Smith');
    // Nobody is asked for a password again; this application asks for consent.
    await second.goto(`${sample.secondWeb}/login`);
    await second.getByRole('heading', { name: 'Second Web asks for access' }).waitFor();
    await second.getByRole('button', { name: 'Allow' }).click();
    await greets(second, 'Alice Smith');

    await first.getByRole('button', { name: 'Sign out' }).click();
    await first.getByRole('heading', { name: 'You are signed out' }).waitFor();
    // The other one was told behind the browser's back (back-channel logout).
    await expectSoon(async () => {
      await second.goto(sample.secondWeb);
      return second.getByRole('heading', { name: 'Welcome' }).isVisible();
    });
  });

  test('steps to another account', async () => {
    const page = await visit();
    await signInAt(page, sample.web);
    await greets(page, 'Alice Smith');
    await page.getByRole('link', { name: 'Use another account' }).click();
    await page.getByRole('link', { name: 'Use another account' }).click();
    await signIn(page, 'bob');
    await greets(page, 'Bob Smith');
  });

  test('ends where the session is ended in “My applications” of another browser', async () => {
    const [page, elsewhere] = [await visit(), await visit()];
    await signInAt(page, sample.web, 'bob');
    await greets(page, 'Bob Smith');
    await elsewhere.goto(`${sample.sts}/applications`);
    await signIn(elsewhere, 'bob');
    const end = elsewhere.getByRole('button', { name: /^Sign out:/ });
    await end.first().waitFor();
    for (let count = await end.count(); count > 0; count = await end.count()) await end.first().click();
    await expectSoon(async () => {
      await page.goto(sample.web);
      return page.getByRole('heading', { name: 'Welcome' }).isVisible();
    });
  });
});

/** What happens behind the browser takes a moment. */
async function expectSoon(check: () => Promise<boolean>, tries = 20): Promise<void> {
  for (let rest = tries; !(await check()); rest--) {
    if (rest === 0) throw new Error('It has not come true.');
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
