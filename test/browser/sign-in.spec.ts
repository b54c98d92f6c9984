import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  answerAt,
  authorizeAddress,
  issuer,
  type Landscape,
  signIn,
  startLandscape,
  verifier,
} from './landscape.fixture.js';

describe('In a browser, a person', () => {
  let landscape: Landscape;
  beforeAll(async () => (landscape = await startLandscape()), 60_000);
  afterAll(() => landscape.close());

  test('signs in, and the application gets a code for its tokens', async () => {
    const page = await landscape.visit();
    await page.goto(authorizeAddress('mail'));
    expect(await page.textContent('main')).toContain('to continue to Acme Mail');
    await signIn(page);
    const answer = await answerAt(page, 'mail.example');
    expect(answer.get('state')).toBe('a state');
    const tokens = await landscape.server.form('connect/token', {
      ...{ grant_type: 'authorization_code', client_id: 'mail', client_secret: 'secret' },
      ...{ code: answer.get('code')!, redirect_uri: 'https://mail.example/callback', code_verifier: verifier },
    });
    expect(tokens.body).toMatchObject({ token_type: 'Bearer', id_token: expect.any(String) });
  });

  test('is led on by the application to wherever it likes', async () => {
    const page = await landscape.visit();
    await page.goto(authorizeAddress('mail', { redirect_uri: 'https://mail.example/hop' }));
    await signIn(page);
    await page.waitForURL('https://elsewhere.example/');
  });

  test('is told of a wrong password, with the name kept and the cursor where it is needed', async () => {
    const page = await landscape.visit();
    await page.goto(authorizeAddress('mail'));
    await signIn(page, 'alice', 'wrong');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').innerText()).toBe('The username or the password is not correct.');
    expect(await page.inputValue('[name=username]')).toBe('alice');
    expect(await page.evaluate('document.activeElement.name')).toBe('password');
    await page.keyboard.type('alice');
    await page.keyboard.press('Enter');
    expect((await answerAt(page, 'mail.example')).has('code')).toBe(true);
  });

  test('does all of it with the keyboard alone', async () => {
    const page = await landscape.visit();
    await page.goto(authorizeAddress('notes'));
    await page.locator('[name=username]:focus').waitFor();
    await page.keyboard.type('alice');
    await page.keyboard.press('Tab');
    await page.keyboard.type('alice');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Allow' }).waitFor();
    const isReached = async () => (await page.locator('[value=allow]:focus').count()) === 1;
    for (let presses = 0; presses < 20 && !(await isReached()); presses++) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect((await answerAt(page, 'notes.example')).has('code')).toBe(true);
  });

  test('stays signed in over the end of the browser only where that was asked for', async () => {
    const left = async (keep: boolean) => {
      const page = await landscape.visit();
      await page.goto(authorizeAddress('mail'));
      if (keep) await page.check('[name=rememberMe]');
      await signIn(page);
      await answerAt(page, 'mail.example');
      const cookies = await page.context().cookies(issuer);
      return cookies.find(({ name }) => name === '__Host-tessera.session');
    };
    expect(await left(false)).toMatchObject({ expires: -1, httpOnly: true, secure: true, sameSite: 'Lax' });
    expect((await left(true))!.expires).toBeGreaterThan(0);
  });

  test('decides what an application may do, sees what is required, and is asked once where it shall be remembered', async () => {
    const page = await landscape.visit();
    await page.goto(authorizeAddress('notes', { scope: 'openid profile email offline_access' }));
    await signIn(page, 'carol');
    await page.getByRole('heading', { name: 'Acme Notes asks for access' }).waitFor();
    expect(await page.getByLabel('Recognize you').isDisabled()).toBe(true);
    await page.getByLabel('Your email address').uncheck();
    await page.getByLabel('Remember my decision').check();
    await page.getByRole('button', { name: 'Allow' }).click();
    expect((await answerAt(page, 'notes.example')).has('code')).toBe(true);
    await page.goto(authorizeAddress('notes'));
    expect((await answerAt(page, 'notes.example')).has('code')).toBe(true);
    // What was not allowed is asked for again.
    await page.goto(authorizeAddress('notes', { scope: 'openid email' }));
    await page.getByRole('heading', { name: 'Acme Notes asks for access' }).waitFor();
  });

  test('neither allows nor denies by pressing Enter in a box', async () => {
    const page = await landscape.visit();
    await page.goto(authorizeAddress('notes'));
    await signIn(page);
    await page.getByLabel('Your profile').press('Enter');
    expect(await page.getByRole('alert').innerText()).toBe('Please choose whether to allow or deny this.');
    await page.getByRole('button', { name: 'Allow' }).click();
    expect((await answerAt(page, 'notes.example')).has('code')).toBe(true);
  });

  test('denies, and the application hears of it', async () => {
    const page = await landscape.visit();
    await page.goto(authorizeAddress('notes'));
    await signIn(page);
    await page.getByRole('button', { name: 'Deny' }).click();
    const answer = await answerAt(page, 'notes.example');
    expect(Object.fromEntries(answer)).toMatchObject({ error: 'access_denied', state: 'a state', iss: issuer });
  });

  test('is signed in at a second application at once, and silently', async () => {
    const page = await landscape.visit();
    await page.goto(authorizeAddress('mail', { prompt: 'none' }));
    expect((await answerAt(page, 'mail.example')).get('error')).toBe('login_required');
    await page.goto(authorizeAddress('mail'));
    await signIn(page);
    await answerAt(page, 'mail.example');
    await page.goto(authorizeAddress('notes', { prompt: 'none' }));
    expect((await answerAt(page, 'notes.example')).get('error')).toBe('consent_required');
    await page.goto(authorizeAddress('notes'));
    await page.getByRole('button', { name: 'Allow' }).click();
    expect((await answerAt(page, 'notes.example')).has('code')).toBe(true);
    await page.goto(authorizeAddress('mail', { prompt: 'none' }));
    expect((await answerAt(page, 'mail.example')).has('code')).toBe(true);
  });

  test('goes on as the one who is signed in, or steps to another account', async () => {
    const page = await landscape.visit();
    await page.goto(authorizeAddress('mail'));
    await signIn(page);
    await answerAt(page, 'mail.example');
    await page.goto(authorizeAddress('mail', { prompt: 'select_account' }));
    await page.getByRole('button', { name: 'Continue as Alice Smith' }).click();
    expect((await answerAt(page, 'mail.example')).has('code')).toBe(true);

    await page.goto(authorizeAddress('mail', { prompt: 'select_account' }));
    await page.getByRole('link', { name: 'Use another account' }).click();
    await signIn(page, 'bob');
    await answerAt(page, 'mail.example');
    await page.goto(`${issuer}/applications`);
    expect(await page.textContent('main')).toContain('Signed in as Bob Smith');
  });

  test('signs in again where the application wants it', async () => {
    const page = await landscape.visit();
    await page.goto(authorizeAddress('mail'));
    await signIn(page);
    await answerAt(page, 'mail.example');
    landscape.clock.advance(61);
    await page.goto(authorizeAddress('mail', { max_age: '60' }));
    await signIn(page);
    expect((await answerAt(page, 'mail.example')).has('code')).toBe(true);
    await page.goto(authorizeAddress('mail', { prompt: 'login' }));
    await signIn(page);
    expect((await answerAt(page, 'mail.example')).has('code')).toBe(true);
  });

  test('signs out everywhere: each application with a front-channel address is told in a frame', async () => {
    const page = await landscape.visit();
    for (const clientId of ['mail', 'notes']) {
      await page.goto(authorizeAddress(clientId));
      if (clientId === 'mail') await signIn(page);
      else await page.getByRole('button', { name: 'Allow' }).click();
      await answerAt(page, `${clientId}.example`);
    }
    const told = new Set<string>();
    page.on('response', (response) => {
      const { host, pathname, searchParams } = new URL(response.url());
      if (pathname === '/front-channel' && searchParams.get('iss') === issuer && searchParams.has('sid'))
        told.add(host);
    });
    await page.goto(`${issuer}/connect/endsession`);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
    await page.waitForLoadState('networkidle');
    expect([...told].sort()).toEqual(['mail.example', 'notes.example']);
    await page.goto(authorizeAddress('mail', { prompt: 'none' }));
    expect((await answerAt(page, 'mail.example')).get('error')).toBe('login_required');
  });

  test('takes back what an application was allowed', async () => {
    const page = await landscape.visit();
    await page.goto(authorizeAddress('notes'));
    await signIn(page, 'dave');
    await page.getByLabel('Remember my decision').check();
    await page.getByRole('button', { name: 'Allow' }).click();
    await answerAt(page, 'notes.example');
    await page.goto(`${issuer}/applications`);
    await page.getByRole('button', { name: 'Remove access of Acme Notes' }).click();
    expect(await page.getByRole('status').innerText()).toBe('The access has been removed.');
    await page.goto(authorizeAddress('notes', { prompt: 'none' }));
    expect((await answerAt(page, 'notes.example')).get('error')).toBe('consent_required');
  });

  test('ends the session of another browser', async () => {
    const [here, there] = [await landscape.visit(), await landscape.visit()];
    for (const page of [there, here]) {
      await page.goto(authorizeAddress('mail'));
      await signIn(page, 'bob');
      await answerAt(page, 'mail.example');
    }
    await here.goto(`${issuer}/applications`);
    // Others of this file have left sessions of bob as well: each is ended until only this one is there.
    const end = here.getByRole('button', { name: /^Sign out:/ });
    for (let count = await end.count(); count > 0; count = await end.count()) await end.first().click();
    await there.goto(authorizeAddress('mail', { prompt: 'none' }));
    expect((await answerAt(there, 'mail.example')).get('error')).toBe('login_required');
    await here.goto(authorizeAddress('mail', { prompt: 'none' }));
    expect((await answerAt(here, 'mail.example')).has('code')).toBe(true);
  });
});
