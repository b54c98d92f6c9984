import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { answerAt, authorizeAddress, issuer, type Landscape, signIn, startLandscape } from './landscape.fixture.js';

describe('Somebody who takes another way than the pages do finds to the application', () => {
  let landscape: Landscape;
  beforeAll(async () => (landscape = await startLandscape()), 60_000);
  afterAll(() => landscape.close());

  test('by the back button after the sign-in', async () => {
    const page = await landscape.visit();
    await page.goto(authorizeAddress('notes'));
    await signIn(page);
    await page.getByRole('heading', { name: 'Acme Notes asks for access' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'Acme Notes asks for access' }).waitFor();
    await page.getByRole('button', { name: 'Allow' }).click();
    expect((await answerAt(page, 'notes.example')).has('code')).toBe(true);
    // And once more, when everything is done.
    await page.goBack();
    await page.getByRole('link', { name: 'Back to Acme Notes' }).click();
    await page.waitForURL('https://notes.example/');
  });

  test('by reloading each page, also one that a form led to', async () => {
    const page = await landscape.visit();
    await page.goto(authorizeAddress('notes'));
    await page.reload();
    await signIn(page, 'alice', 'wrong');
    await page.getByRole('alert').waitFor();
    await page.reload();
    await signIn(page);
    await page.getByRole('heading', { name: 'Acme Notes asks for access' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Allow' }).click();
    expect((await answerAt(page, 'notes.example')).has('code')).toBe(true);
  });

  test('in two tabs: what is finished in one goes on in the other', async () => {
    const first = await landscape.visit();
    const second = await first.context().newPage();
    await first.goto(authorizeAddress('mail', { state: 'first' }));
    await second.goto(authorizeAddress('mail', { state: 'second' }));
    await signIn(first);
    expect((await answerAt(first, 'mail.example')).get('state')).toBe('first');
    await second.reload();
    expect((await answerAt(second, 'mail.example')).get('state')).toBe('second');
  });

  test('in two tabs with two people: the second form says who is signed in by now', async () => {
    const first = await landscape.visit();
    const second = await first.context().newPage();
    for (const tab of [first, second]) await tab.goto(authorizeAddress('mail'));
    await signIn(first);
    await answerAt(first, 'mail.example');
    await signIn(second, 'bob');
    expect((await answerAt(second, 'mail.example')).has('code')).toBe(true);
    await first.goto(`${issuer}/applications`);
    expect(await first.textContent('main')).toContain('Signed in as Bob Smith');
  });

  test('after the page was open for too long', async () => {
    const page = await landscape.visit();
    await page.goto(authorizeAddress('mail'));
    landscape.clock.advance(24 * 3600);
    await signIn(page);
    await page.getByRole('heading', { name: 'This page is no longer valid' }).waitFor();
    await page.getByRole('link', { name: 'Back to Acme Mail' }).click();
    await page.waitForURL('https://mail.example/');
    await page.goto(authorizeAddress('mail'));
    await signIn(page);
    expect((await answerAt(page, 'mail.example')).has('code')).toBe(true);
  });

  test('when the cookies were deleted in between', async () => {
    const page = await landscape.visit();
    await page.goto(authorizeAddress('mail'));
    await page.context().clearCookies();
    await signIn(page);
    await page.getByRole('heading', { name: 'This page is no longer valid' }).waitFor();
    await page.getByRole('link', { name: 'Back to Acme Mail' }).click();
    await page.waitForURL('https://mail.example/');
    await page.goto(authorizeAddress('mail'));
    await signIn(page);
    expect((await answerAt(page, 'mail.example')).has('code')).toBe(true);
  });

  test('by cancelling', async () => {
    const page = await landscape.visit();
    await page.goto(authorizeAddress('mail'));
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect((await answerAt(page, 'mail.example')).get('error')).toBe('access_denied');
  });

  test('from a mistake of the application', async () => {
    const page = await landscape.visit();
    await page.goto(authorizeAddress('mail', { redirect_uri: 'https://elsewhere.example/' }));
    await page.getByRole('heading', { name: 'Something went wrong' }).waitFor();
    await page.getByRole('link', { name: 'Back to Acme Mail' }).click();
    await page.waitForURL('https://mail.example/');
  });

  test('from a page that never was', async () => {
    const page = await landscape.visit();
    await page.goto(`${issuer}/signin?interaction=never-was`);
    await page.getByRole('heading', { name: 'This page is no longer valid' }).waitFor();
    await page.getByRole('link', { name: 'Go to the start page' }).click();
    await page.getByRole('heading', { name: 'Welcome' }).waitFor();
  });
});
