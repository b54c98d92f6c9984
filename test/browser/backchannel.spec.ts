import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { basic } from '../running-server.js';
import { issuer, type Landscape, signIn, startLandscape } from './landscape.fixture.js';
import { expectAccessible } from './look.fixture.js';

describe('Where a client asks from elsewhere, a person', () => {
  let landscape: Landscape;
  beforeAll(async () => (landscape = await startLandscape()), 60_000);
  afterAll(() => landscape.close());

  const ask = async (message: string, more: Record<string, string> = {}) => {
    const form = { scope: 'openid profile', login_hint: 'alice', binding_message: message, ...more };
    return (await landscape.server.form('connect/ciba', form, basic('till'))).body as { auth_req_id: string };
  };
  const poll = async ({ auth_req_id }: { auth_req_id: string }) => {
    // It may ask again after the interval only.
    landscape.clock.advance(6);
    const grant = { grant_type: 'urn:openid:params:grant-type:ciba', auth_req_id };
    return (await landscape.server.form('connect/token', grant, basic('till'))).body as Record<string, string>;
  };
  /** The link in what the person was sent, which nobody waits for. */
  const link = async (message: string) => {
    const found = () => landscape.messages.find(({ bindingMessage }) => bindingMessage === message);
    for (let tries = 0; !found() && tries < 100; tries++) await new Promise((resolve) => setTimeout(resolve, 20));
    return found()!.url;
  };
  const press = (page: Page, name: string) => page.getByRole('button', { name }).click();
  const arrive = (page: Page, name: string) => page.getByRole('heading', { name }).waitFor();

  test('opens the link on the phone, signs in, compares the message and allows it', async () => {
    const request = await ask('Till 4: W4SCT');
    expect((await poll(request)).error).toBe('authorization_pending');
    const phone = await landscape.visit({ viewport: { width: 360, height: 740 } });
    await phone.goto(await link('Till 4: W4SCT'));
    await signIn(phone);
    await arrive(phone, 'Acme Shop asks you to confirm');
    expect(await phone.getByText('Till 4: W4SCT', { exact: true }).isVisible()).toBe(true);
    await phone.getByRole('checkbox', { name: 'Your profile' }).uncheck();
    await press(phone, 'Yes, allow');
    await arrive(phone, 'You have confirmed the request');
    const tokens = await poll(request);
    expect(tokens).toMatchObject({ token_type: 'Bearer', id_token: expect.any(String), scope: 'openid' });
    const userinfo = await landscape.server.send('connect/userinfo', {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    expect(userinfo.body.sub).toBe('1');
    expect((await poll(request)).error).toBe('invalid_grant');
  });

  test('finds it without the link, and refuses what somebody else began', async () => {
    const request = await ask('Till 9: HCAX');
    const page = await landscape.visit();
    await page.goto(`${issuer}/signin`);
    await signIn(page);
    await page.getByRole('link', { name: /Waiting for your answer/ }).click();
    await page.getByRole('link', { name: /Till 9: HCAX/ }).click();
    await press(page, 'No, refuse');
    await arrive(page, 'The request was refused');
    expect((await poll(request)).error).toBe('access_denied');
  });

  test('is shown nothing with the link of somebody else, and may sign in as the one who is asked', async () => {
    const request = await ask('Till 5: ZZTOP');
    const page = await landscape.visit();
    await page.goto(`${issuer}/signin`);
    await signIn(page, 'bob');
    await page.getByRole('heading', { name: 'Hello, Bob Smith' }).waitFor();
    await page.goto(await link('Till 5: ZZTOP'));
    await arrive(page, 'Nothing is waiting for you');
    expect(await page.textContent('main')).not.toContain('ZZTOP');
    await expectAccessible(page);
    landscape.clock.advance(1);
    await page.getByRole('link', { name: 'Not you? Use another account' }).click();
    await signIn(page);
    await arrive(page, 'Acme Shop asks you to confirm');
    await press(page, 'Yes, allow');
    await arrive(page, 'You have confirmed the request');
    expect(await poll(request)).toHaveProperty('access_token');
  });

  test('decides nothing by pressing Enter, and signs in again where the sign-in will not do', async () => {
    const request = await ask('Till 6: ENTER', { acr_values: 'strong' });
    const page = await landscape.visit();
    await page.goto(await link('Till 6: ENTER'));
    await signIn(page);
    await page.getByRole('checkbox', { name: 'Your profile' }).press('Enter');
    expect(await page.getByRole('alert').innerText()).toContain('Please choose whether to allow or deny this.');
    expect(await page.getByText('wants a safer way of signing in').isVisible()).toBe(true);
    await expectAccessible(page);
    landscape.clock.advance(1);
    await page.getByRole('link', { name: 'Sign in again' }).click();
    await signIn(page);
    await arrive(page, 'Acme Shop asks you to confirm');
    expect((await poll(request)).error).toBe('authorization_pending');
    await press(page, 'No, refuse');
    await arrive(page, 'The request was refused');
    expect((await poll(request)).error).toBe('access_denied');
  });
});
