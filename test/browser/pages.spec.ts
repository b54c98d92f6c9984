import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { basic } from '../running-server.js';
import { authorizeAddress, issuer, type Landscape, signIn, startLandscape } from './landscape.fixture.js';
import { expectAccessible, expectFitting, picture } from './look.fixture.js';

const views: Readonly<Record<string, BrowserContextOptions>> = {
  'on a desk': { viewport: { width: 1100, height: 800 } },
  'on a phone, in the dark': { viewport: { width: 320, height: 640 }, colorScheme: 'dark', deviceScaleFactor: 2 },
  'in Arabic': { viewport: { width: 1100, height: 800 }, locale: 'ar' },
  'in Japanese, on a phone': { viewport: { width: 390, height: 800 }, locale: 'ja', deviceScaleFactor: 2 },
  'without JavaScript': { viewport: { width: 768, height: 900 }, javaScriptEnabled: false },
};

/** Of which views and pages there are pictures in the documentation, and what is appended to their names. */
const pictured: Readonly<Record<string, { readonly suffix: string; readonly pages?: readonly string[] }>> = {
  'on a desk': { suffix: '' },
  'on a phone, in the dark': { suffix: '-phone-dark' },
  'in Arabic': { suffix: '-arabic', pages: ['sign-in', 'consent', 'applications', 'backchannel'] },
};

/** One in words, and one with all that it has; a name in another script, and a number that is longer than a line. */
const details = [
  {
    type: 'payment',
    amount: { value: '123.50', currency: 'EUR' },
    creditor: { name: 'مكتبة Merchant', iban: 'DE02 1203 0000 0000 2020 51' },
  },
  { type: 'invoice', number: '4711'.repeat(40), for: ['January', 'February'] },
];

let landscape: Landscape;

beforeAll(async () => (landscape = await startLandscape()), 60_000);
afterAll(() => landscape.close());

describe.each(Object.entries(views))('Every page, %s,', (view, options) => {
  let page: Page;

  const look = async (name: string) => {
    // The look is judged with the eyes of a program, which needs scripts to run in the page.
    if (options.javaScriptEnabled !== false) {
      await expectAccessible(page);
      await expectFitting(page);
    }
    expect(await page.locator('main').isVisible()).toBe(true);
    expect(await page.locator('html').getAttribute('dir')).toBe(options.locale === 'ar' ? 'rtl' : 'ltr');
    const { suffix, pages = [name] } = pictured[view] ?? { pages: [] };
    if (pages.includes(name)) await picture(page, `${name}${suffix}`);
  };
  const press = (name: string) => page.locator(`button[value=${name}]`).click();
  const submit = () => page.locator('main button[type=submit]').first().click();
  const fillIn = async (username: string, password: string) => {
    await page.fill('[name=username]', username);
    await page.fill('[name=password]', password);
    await press('signIn');
  };

  test('is accessible, fits, and leads on', async () => {
    page = await landscape.visit(options);
    const errors: string[] = [];
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await page.goto(`${issuer}/`);
    await look('home');
    await page.goto(authorizeAddress('notes', { scope: 'openid profile email api1 offline_access' }));
    await look('sign-in');
    await fillIn('alice', 'wrong');
    await look('sign-in-wrong');
    await fillIn('alice', 'alice');
    await page.waitForURL(/consent/);
    await look('consent');
    await page.locator('[name=remember]').check();
    await press('allow');
    await page.waitForURL('https://notes.example/**');

    await page.goto(authorizeAddress('shop', { authorization_details: JSON.stringify(details) }));
    await page.waitForURL(/consent/);
    await look('consent-details');
    await page.locator('summary').first().click();
    await look('consent-details-open');

    await page.goto(authorizeAddress('mail', { prompt: 'select_account' }));
    await look('choose-account');
    await page.goto(`${issuer}/`);
    await look('home-signed-in');
    await page.goto(`${issuer}/applications`);
    await look('applications');
    // The next view begins as this one did.
    await page.locator('button[value=withdraw]').click();
    await page.getByRole('status').waitFor();
    expect(await page.locator('button[value=withdraw]').count()).toBe(0);

    const device = await landscape.server.form('connect/deviceauthorization', {
      client_id: 'tv',
      scope: 'openid profile',
    });
    await page.goto(device.body.verification_uri as string);
    await look('device');
    await page.fill('[name=user_code]', device.body.user_code as string);
    await submit();
    await page.waitForURL(/confirm/);
    await look('device-confirm');
    await press('allow');
    await page.waitForURL(/done/);
    await look('device-done');

    await landscape.server.form(
      'connect/ciba',
      {
        scope: 'openid profile',
        login_hint: 'alice',
        binding_message: 'Till 4: W4SCT',
        authorization_details: JSON.stringify(details.slice(0, 1)),
      },
      basic('till'),
    );
    await page.goto(`${issuer}/backchannel`);
    await look('backchannel-list');
    await page.locator('main a.row').click();
    await page.waitForURL(/request=/);
    await look('backchannel');
    await press('allow');
    await page.waitForURL(/done/);
    await look('backchannel-done');
    await page.goto(`${issuer}/backchannel`);
    await look('backchannel-none');

    await page.goto(`${issuer}/signin?interaction=never-was`);
    await look('no-longer-valid');
    await page.goto(authorizeAddress('notes', { redirect_uri: 'https://elsewhere.example/' }));
    await look('error');
    await page.goto(`${issuer}/signout`);
    await look('sign-out');
    await submit();
    await page.waitForURL(/signedout/);
    await look('signed-out');
    // The browser itself complains of each page that says 400, and of nothing else: no style, script or frame was blocked.
    expect(errors.filter((text) => !/status of 40[04]/.test(text))).toEqual([]);
  }, 60_000);
});

describe('A page', () => {
  test.each(['en', 'de', 'es', 'fr', 'ja', 'ar'])(
    'speaks %s where the application or the browser asks for it',
    async (language) => {
      const byBrowser = await landscape.visit({ locale: language });
      await byBrowser.goto(authorizeAddress('mail'));
      const byApplication = await landscape.visit({ locale: 'nl' });
      await byApplication.goto(authorizeAddress('mail', { ui_locales: `tlh ${language}` }));
      for (const page of [byBrowser, byApplication]) {
        expect(await page.locator('html').getAttribute('lang')).toBe(language);
        await expectAccessible(page);
      }
      expect(await byBrowser.textContent('h1')).toBe(await byApplication.textContent('h1'));
    },
  );

  test.each(['page', 'popup', 'touch', 'wap'])('shows itself for display=%s', async (display) => {
    const page = await landscape.visit({ viewport: { width: 500, height: 600 } });
    await page.goto(authorizeAddress('mail', { display }));
    await expectAccessible(page);
    await expectFitting(page);
    await signIn(page);
    await page.waitForURL('https://mail.example/**');
  });

  test('cannot be shown in a frame of another site (clickjacking)', async () => {
    const page = await landscape.visit();
    await page.goto('https://mail.example/');
    await page.setContent(`<iframe src="${authorizeAddress('mail')}"></iframe>`);
    const frame = await (await page.waitForSelector('iframe')).contentFrame();
    await page.waitForLoadState('networkidle');
    expect(await frame!.locator('[name=password]').count()).toBe(0);
  });

  test('stays readable when somebody doubles the size of the text', async () => {
    const page = await landscape.visit({ viewport: { width: 640, height: 800 } });
    await page.goto(authorizeAddress('notes'));
    await page.addStyleTag({ content: 'html { font-size: 200% !important }' }).catch(() => undefined);
    await page.evaluate("document.documentElement.style.fontSize = '200%'");
    await expectFitting(page);
  });
});
