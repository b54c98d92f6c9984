import { describe, expect, it } from '@jest/globals';
import { Browser, signIn, signedInBrowser } from '../browser.spec.fixture.js';
import { adapters, client, runPages, type RunningPages } from '../running-pages.spec.fixture.js';

async function startDevice({ url }: RunningPages): Promise<{ user_code: string; device_code: string }> {
  const response = await fetch(`${url}/connect/deviceauthorization`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: 'notes', client_secret: 'secret', scope: 'openid profile' }),
  });
  return (await response.json()) as never;
}

describe.each(adapters)('The device pages, on %s', (adapter) => {
  const begin = async () => {
    const server = await runPages({}, { adapter });
    return { server, browser: await signedInBrowser(server), code: (await startDevice(server)).user_code };
  };

  it('lead from the code over the person’s word to the end', async () => {
    const { browser, code } = await begin();
    const confirm = await browser.submit(await browser.open('/device'), {
      user_code: ` ${code.toLowerCase().replace('-', ' ')} `,
    });
    expect(confirm.address.pathname).toBe('/device/confirm');
    expect(confirm.text).toContain(`Is this the code your device shows? ${code}`);
    expect(confirm.text).toContain('Connect Acme Notes?');
    expect(confirm.text).toContain('Your profile');
    const done = await browser.submit(confirm, { scope: ['openid', 'profile'], decision: 'allow' });
    expect([done.address.pathname, done.text.includes('Your device is connected')]).toEqual(['/device/done', true]);
    // A code is good for one answer.
    expect((await browser.submit(await browser.open('/device'), { user_code: code })).status).toBe(400);
  });

  it('refuse a device', async () => {
    const { browser, code } = await begin();
    const confirm = await browser.submit(await browser.open('/device'), { user_code: code });
    expect((await browser.submit(confirm, { decision: 'deny' })).text).toContain('The device was refused');
  });

  it('show a code that came with the address, and wait for the person’s word (RFC 8628 §3.3.1)', async () => {
    const { browser, code } = await begin();
    const page = await browser.open(`/device?user_code=${code}`);
    expect(page.html).toContain(`value="${code}"`);
    expect(page.text).toContain('Compare this code with the one on your device.');
    expect((await browser.submit(page, { user_code: code })).text).toContain('Is this the code your device shows?');
  });

  it('keep the code through the sign-in', async () => {
    const { server, code } = await begin();
    const browser = new Browser(server);
    const page = await browser.open(`/device?user_code=${code}`);
    expect([page.address.pathname, page.text.includes('to connect your device')]).toEqual(['/signin', true]);
    const back = await signIn(browser, await browser.submit(page, { username: 'alice', password: 'x' }));
    expect([back.address.pathname, back.address.searchParams.get('user_code')]).toEqual(['/device', code]);
  });

  it.each(['WRNG-CODE', '"><script>alert(1)</script>', ''])('say that %j is no code', async (wrong) => {
    const { browser } = await begin();
    const page = await browser.submit(await browser.open('/device'), { user_code: wrong });
    expect(page.status).toBe(400);
    expect(page.text).toMatch(/This code is not correct or is no longer valid|Please enter the code/);
    expect(page.html).not.toContain('<script');
  });

  it('use up nobody’s tries for another site that leads the browser to them', async () => {
    const { browser, code } = await begin();
    for (let i = 0; i < 10; i++) {
      const led = await browser.open(`/device/confirm?user_code=BCDF-GHJ${'BCDFGHJKLM'[i]}&proof=${'x'.repeat(43)}`);
      expect([led.status, led.address.pathname]).toEqual([200, '/device']);
    }
    const confirm = await browser.submit(await browser.open('/device'), { user_code: code });
    expect([confirm.status, confirm.address.pathname]).toEqual([200, '/device/confirm']);
  });

  it('use up nobody’s tries by forged forms', async () => {
    const { browser, code } = await begin();
    const confirm = await browser.submit(await browser.open('/device'), { user_code: code });
    for (let i = 0; i < 10; i++) {
      const forged = { user_code: `BCDF-GHJ${'BCDFGHJKLM'[i]}`, decision: 'allow', csrf: 'forged' };
      expect((await browser.submit(confirm, forged)).status).toBe(403);
    }
    expect((await browser.submit(confirm, { scope: ['openid'], decision: 'allow' })).status).toBe(200);
  });

  it('show the code to compare where its confirmation is opened in another browser, or for another code', async () => {
    const { server, browser, code } = await begin();
    const { address } = await browser.submit(await browser.open('/device'), { user_code: code });
    const other = await (await signedInBrowser(server, 'bob')).open(address.href);
    expect([other.address.pathname, other.html.includes(`value="${code}"`)]).toEqual(['/device', true]);
    address.searchParams.set('user_code', (await startDevice(server)).user_code);
    expect((await browser.open(address.href)).address.pathname).toBe('/device');
  });

  it('can be loaded again', async () => {
    const { browser, code } = await begin();
    const confirm = await browser.submit(await browser.open('/device'), { user_code: code });
    for (let i = 0; i < 10; i++) {
      const again = await browser.open(confirm.address.href);
      expect([again.status, again.address.pathname]).toEqual([200, '/device/confirm']);
    }
  });

  it('say so where the code has ended meanwhile', async () => {
    const { server, browser, code } = await begin();
    const confirm = await browser.submit(await browser.open('/device'), { user_code: code });
    server.clock.advance(301);
    const late = await browser.submit(confirm, { scope: ['openid'], decision: 'allow' });
    expect([late.status, late.text.includes('is no longer valid')]).toEqual([400, true]);
  });

  it('let nobody guess for ever (RFC 8628 §5.1)', async () => {
    const { browser } = await begin();
    const page = await browser.open('/device');
    const statuses = [];
    for (let tries = 0; tries < 30; tries++) {
      statuses.push(
        (await browser.submit(page, { user_code: `BCDF-GHJ${'BCDFGHJKLMNPQRSTVWXZ'[tries % 20]}` })).status,
      );
    }
    expect(statuses[0]).toBe(400);
    expect(statuses.at(-1)).toBe(429);
  });

  it('do not take silence for an answer, nor the form of a stranger', async () => {
    const { browser, code } = await begin();
    const confirm = await browser.submit(await browser.open('/device'), { user_code: code });
    expect((await browser.submit(confirm, { scope: ['openid'] })).status).toBe(400);
    expect((await browser.submit(confirm, { scope: ['openid'], decision: 'allow', csrf: 'forged' })).status).toBe(403);
    expect((await browser.submit(confirm, { scope: ['openid'], decision: 'allow' })).address.pathname).toBe(
      '/device/done',
    );
  });
});

describe('A device whose client wants a recent sign-in', () => {
  const begin = async (age = 200) => {
    const server = await runPages({ clients: [client('notes', { userSsoLifetime: 60 })] });
    const browser = await signedInBrowser(server);
    server.clock.advance(age);
    return { server, browser, code: (await startDevice(server)).user_code };
  };

  it('is not let in before its person has signed in again', async () => {
    const { browser, code } = await begin();
    const page = await browser.submit(await browser.open(`/device?user_code=${code}`), { user_code: code });
    expect([page.address.pathname, page.text.includes('to connect your device')]).toEqual(['/signin', true]);
    // To load the page again, or to send a wrong password, leads no further.
    expect((await browser.open(page.address.href)).address.pathname).toBe('/signin');
    const wrong = await browser.submit(page, { username: 'alice', password: 'x' });
    const back = await signIn(browser, wrong);
    expect([back.address.pathname, back.address.searchParams.get('user_code')]).toEqual(['/device', code]);
    const confirm = await browser.submit(back, { user_code: code });
    const done = await browser.submit(confirm, { scope: ['openid'], decision: 'allow' });
    expect(done.text).toContain('Your device is connected');
  });

  it('is not let in by a sign-in that has grown old on the page', async () => {
    const { server, browser, code } = await begin(30);
    const confirm = await browser.submit(await browser.open('/device'), { user_code: code });
    server.clock.advance(31);
    const asked = await browser.submit(confirm, { scope: ['openid'], decision: 'allow' });
    expect(asked.address.pathname).toBe('/signin');
    server.clock.advance(1);
    const back = await signIn(browser, asked);
    expect(back.address.searchParams.get('user_code')).toBe(code);
    // Who comes back to the sign-in page has nothing to do there any more.
    expect((await browser.open(asked.address.href)).address.pathname).toBe('/device');
  });

  it('is refused without that', async () => {
    const { server, browser, code } = await begin(30);
    const confirm = await browser.submit(await browser.open('/device'), { user_code: code });
    server.clock.advance(31);
    expect((await browser.submit(confirm, { decision: 'deny' })).text).toContain('The device was refused');
  });
});
