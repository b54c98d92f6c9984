import { describe, expect, it } from '@jest/globals';
import { Browser, signIn, signedInBrowser } from '../browser.spec.fixture.js';
import { adapters, runPages, type RunningPages } from '../running-pages.spec.fixture.js';

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
