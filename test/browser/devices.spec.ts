import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Landscape, signIn, startLandscape } from './landscape.fixture.js';

describe('With a device and a browser beside it, a person', () => {
  let landscape: Landscape;
  beforeAll(async () => (landscape = await startLandscape()), 60_000);
  afterAll(() => landscape.close());

  const start = async () => {
    const form = { client_id: 'tv', scope: 'openid profile' };
    return (await landscape.server.form('connect/deviceauthorization', form)).body as Record<string, string>;
  };
  const poll = async (code: string) => {
    // It may ask again after the interval only.
    landscape.clock.advance(6);
    const grant = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', client_id: 'tv', device_code: code };
    return (await landscape.server.form('connect/token', grant)).body as Record<string, string>;
  };

  test('types the code that it shows', async () => {
    const device = await start();
    expect((await poll(device.device_code!)).error).toBe('authorization_pending');
    const page = await landscape.visit();
    await page.goto(device.verification_uri!);
    await signIn(page);
    await page.getByLabel('Code').fill(device.user_code!.toLowerCase().replace('-', ' '));
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: 'Connect Acme TV?' }).waitFor();
    expect(await page.textContent('main')).toContain(device.user_code!);
    await page.getByRole('button', { name: 'Yes, connect' }).click();
    await page.getByRole('heading', { name: 'Your device is connected' }).waitFor();
    expect(await poll(device.device_code!)).toMatchObject({ token_type: 'Bearer', id_token: expect.any(String) });
    expect((await poll(device.device_code!)).error).toBe('invalid_grant');
  });

  test('follows the link in its picture code on a phone, where somebody else is not signed in, and compares', async () => {
    const device = await start();
    const phone = await landscape.visit({ viewport: { width: 360, height: 740 } });
    await phone.goto(device.verification_uri_complete!);
    await signIn(phone, 'bob');
    expect(await phone.inputValue('[name=user_code]')).toBe(device.user_code);
    await phone.getByRole('button', { name: 'Continue' }).click();
    expect(await phone.getByText('If somebody sent you this code, refuse.').isVisible()).toBe(true);
    await phone.getByRole('button', { name: 'No, refuse' }).click();
    await phone.getByRole('heading', { name: 'The device was refused' }).waitFor();
    expect((await poll(device.device_code!)).error).toBe('access_denied');
  });

  test('may mistype, is told, and tries again', async () => {
    const device = await start();
    const page = await landscape.visit();
    await page.goto(device.verification_uri!);
    await signIn(page);
    await page.getByLabel('Code').fill('BBBB-BBBB');
    await page.getByRole('button', { name: 'Continue' }).click();
    expect(await page.getByRole('alert').innerText()).toContain('This code is not correct');
    await page.getByLabel('Code').fill(device.user_code!);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Yes, connect' }).click();
    await page.getByRole('heading', { name: 'Your device is connected' }).waitFor();
    expect(await poll(device.device_code!)).toHaveProperty('access_token');
  });

  test('in two browsers, two people: each device belongs to who confirmed it', async () => {
    const devices = [await start(), await start()];
    const people = ['alice', 'bob'];
    const pages = [await landscape.visit(), await landscape.visit()];
    for (const [index, page] of pages.entries()) {
      await page.goto(devices[index]!.verification_uri_complete!);
      await signIn(page, people[index]);
    }
    for (const page of pages) {
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByRole('button', { name: 'Yes, connect' }).click();
      await page.getByRole('heading', { name: 'Your device is connected' }).waitFor();
    }
    const subjects = [];
    for (const { device_code } of devices) {
      const authorization = `Bearer ${(await poll(device_code!)).access_token}`;
      subjects.push((await landscape.server.send('connect/userinfo', { headers: { authorization } })).body.sub);
    }
    expect(subjects).toEqual(['1', '2']);
  });
});
