import { describe, expect, it } from '@jest/globals';
import {
  type BackchannelAuthentication,
  BackchannelAuthenticationStore,
  createHandle,
  hashHandle,
} from '@tessera/token-server';
import { Browser, linkOf, type Shown, signIn, signedInBrowser } from '../browser.spec.fixture.js';
import { adapters, client, runPages, type RunningPages } from '../running-pages.spec.fixture.js';

/** What a client asks alice; gives the id under which she finds it. */
async function ask(
  { app, clock }: RunningPages,
  difference: Partial<BackchannelAuthentication> = {},
): Promise<{ id: string; handle: string }> {
  const [id, handle] = [createHandle(), createHandle()];
  const now = clock.now();
  const question = {
    handleHash: hashHandle(handle),
    id,
    clientId: 'notes',
    subject: 'subject-of-alice',
    scopes: ['openid', 'profile'],
    bindingMessage: 'Till 4: W4SCT',
    createdAt: now,
    expiresAt: now + 120,
    interval: 5,
    ...difference,
  };
  await app.get(BackchannelAuthenticationStore).add(question, now, 10);
  return { id, handle };
}

async function decisionOf({ app }: RunningPages, handle: string) {
  return (await app.get(BackchannelAuthenticationStore).redeem(hashHandle(handle)))?.decision;
}

const looked = ({ status, address, text }: Shown, words: string) => [status, address.pathname, text.includes(words)];

describe.each(adapters)('The pages of back-channel authentication, on %s', (adapter) => {
  const begin = async (difference: Partial<BackchannelAuthentication> = {}) => {
    const server = await runPages({}, { adapter });
    return { server, browser: await signedInBrowser(server), ...(await ask(server, difference)) };
  };

  it('lead from the link of the notification over the person’s word to the end', async () => {
    const { server, browser, id, handle } = await begin();
    const page = await browser.open(`/backchannel?request=${id}`);
    expect(page.text).toContain('Acme Notes asks you to confirm');
    expect(page.text).toContain('Does Acme Notes show you the same message? Till 4: W4SCT');
    expect(page.text).toContain('Continue only if you started this yourself and the message is the same.');
    expect(page.text).toContain('Your profile');
    const done = await browser.submit(page, { scope: ['openid'], decision: 'allow' });
    expect(looked(done, 'You have confirmed the request')).toEqual([200, '/backchannel/done', true]);
    expect(await decisionOf(server, handle)).toMatchObject({ allowed: true, scopes: ['openid'] });
    // An answer is given once.
    expect((await browser.submit(page, { scope: ['openid'], decision: 'deny' })).status).toBe(404);
  });

  it('refuse', async () => {
    const { server, browser, id, handle } = await begin();
    const done = await browser.submit(await browser.open(`/backchannel?request=${id}`), { decision: 'deny' });
    expect(done.text).toContain('The request was refused');
    expect(await decisionOf(server, handle)).toEqual({ allowed: false });
  });

  it('list what waits for the person who has no link, the latest first, and nothing of anybody else’s', async () => {
    const { server, browser } = await begin();
    server.clock.advance(61);
    const { id } = await ask(server, { bindingMessage: 'Till 5' });
    await ask(server, { subject: 'subject-of-bob', bindingMessage: 'Till 6' });
    const home = await browser.open('/');
    expect(home.text).toContain('Waiting for your answer Asked by Acme Notes');
    const list = await browser.open(linkOf(home, '/backchannel'));
    expect(list.text).toMatch(/Acme Notes Till 5 Asked now .* Acme Notes Till 4: W4SCT Asked 1 minute ago/);
    expect(list.text).not.toContain('Till 6');
    const page = await browser.open(linkOf(list, '/backchannel?request='));
    expect(page.address.searchParams.get('request')).toBe(id);
  });

  it('lead to what waits from the page of applications, and say so where nothing does', async () => {
    const { browser, id } = await begin();
    expect((await browser.open('/applications')).text).toContain('Waiting for your answer Asked by Acme Notes');
    await browser.submit(await browser.open(`/backchannel?request=${id}`), { decision: 'deny' });
    expect((await browser.open('/')).html).not.toContain('/backchannel');
    expect((await browser.open('/applications')).html).not.toContain('/backchannel');
    expect((await browser.open('/backchannel')).text).toContain('Nothing is waiting for you T Signed in as The alice');
  });

  it('keep the link through the sign-in', async () => {
    const { server, id } = await begin();
    const browser = new Browser(server);
    const page = await browser.open(`/backchannel?request=${id}`);
    expect(looked(page, 'to answer a request')).toEqual([200, '/signin', true]);
    const back = await signIn(browser, await browser.submit(page, { username: 'alice', password: 'x' }));
    expect(looked(back, 'Till 4: W4SCT')).toEqual([200, '/backchannel', true]);
  });

  it('show nothing of it to somebody else who has the link, and let that person come back as the one who is asked', async () => {
    const { server, id } = await begin();
    const browser = await signedInBrowser(server, 'bob');
    const page = await browser.open(`/backchannel?request=${id}`);
    expect(looked(page, 'This request is not waiting for you.')).toEqual([404, '/backchannel', true]);
    expect(page.text).toContain('T Signed in as The bob Not you? Use another account');
    expect(page.html).not.toContain('W4SCT');
    server.clock.advance(1);
    const back = await signIn(browser, await browser.open(linkOf(page, '/signin?')));
    expect(looked(back, 'Till 4: W4SCT')).toEqual([200, '/backchannel', true]);
  });

  it('take no answer of somebody who has signed in meanwhile in the same browser', async () => {
    const { server, browser, id, handle } = await begin();
    const page = await browser.open(`/backchannel?request=${id}`);
    server.clock.advance(1);
    await signIn(browser, await browser.open(`/signin?return=backchannel&newer_than=${server.clock.now() - 1}`), 'bob');
    const refused = await browser.submit(page, { scope: ['openid'], decision: 'allow' });
    expect(looked(refused, 'You are now signed in as The bob')).toEqual([403, '/backchannel', true]);
    expect(await decisionOf(server, handle)).toBeUndefined();
  });

  it('do not take silence for an answer, nor the form of a stranger, nor a bare link', async () => {
    const { server, browser, id, handle } = await begin();
    const page = await browser.open(`/backchannel?request=${id}&decision=allow`);
    const silent = await browser.submit(page, { scope: ['openid'] });
    expect(looked(silent, 'Please choose whether to allow or deny this.')).toEqual([400, '/backchannel', true]);
    expect((await browser.submit(page, { scope: ['openid'], decision: 'allow', csrf: 'forged' })).status).toBe(403);
    expect(await decisionOf(server, handle)).toBeUndefined();
  });

  it('hold a button first that decides nothing, for Enter presses the first (HTML §4.10.21.2)', async () => {
    const { browser, id } = await begin();
    const { html } = await browser.open(`/backchannel?request=${id}`);
    expect(/<button[^>]*>/.exec(html)![0]).toBe('<button type="submit" hidden>');
  });

  it('show the message of the client as text, whatever is in it', async () => {
    const { browser, id } = await begin({ bindingMessage: '"><script>alert(1)</script>\u202egnihton' });
    const pages = [await browser.open('/backchannel'), await browser.open(`/backchannel?request=${id}`)];
    for (const { html, text } of pages) {
      expect(html).not.toContain('<script');
      expect(html).not.toContain('\u202e');
      expect(text).toContain('"><script>alert(1)</script> gnihton');
    }
  });

  it('say so where it has ended meanwhile', async () => {
    const { server, browser, id } = await begin();
    const page = await browser.open(`/backchannel?request=${id}`);
    server.clock.advance(121);
    const late = await browser.submit(page, { scope: ['openid'], decision: 'allow' });
    expect(looked(late, 'has taken too long')).toEqual([404, '/backchannel', true]);
  });

  it('warn where the client shows no message to compare', async () => {
    const { browser, id } = await begin({ bindingMessage: undefined });
    const { text } = await browser.open(`/backchannel?request=${id}`);
    expect(text).toContain('Continue only if you started this yourself, just now.');
    expect(text).not.toContain('the same message');
  });
});

describe('A client that wants a recent sign-in', () => {
  const begin = async (age: number) => {
    const server = await runPages({ clients: [client('notes', { userSsoLifetime: 60 })] });
    const browser = await signedInBrowser(server);
    server.clock.advance(age);
    const question = await ask(server);
    return { server, browser, ...question, page: await browser.open(`/backchannel?request=${question.id}`) };
  };

  it('is shown with what it asks, and allowed after the person has signed in again', async () => {
    const { server, browser, page, handle } = await begin(200);
    expect(page.text).toContain('Acme Notes wants you to have signed in recently.');
    expect(page.html).not.toContain('value="allow"');
    server.clock.advance(1);
    const signInPage = await browser.open(linkOf(page, '/signin?'));
    expect(signInPage.address.pathname).toBe('/signin');
    const back = await signIn(browser, signInPage);
    await browser.submit(back, { scope: ['openid'], decision: 'allow' });
    expect(await decisionOf(server, handle)).toMatchObject({ allowed: true });
  });

  it('is not allowed by a form that was filled in while the sign-in grew old', async () => {
    const { server, browser, page, handle } = await begin(30);
    server.clock.advance(31);
    const again = await browser.submit(page, { scope: ['openid'], decision: 'allow' });
    expect(looked(again, 'wants you to have signed in recently')).toEqual([200, '/backchannel', true]);
    expect(await decisionOf(server, handle)).toBeUndefined();
  });

  it('is refused without that', async () => {
    const { server, browser, page, handle } = await begin(200);
    await browser.submit(page, { decision: 'deny' });
    expect(await decisionOf(server, handle)).toEqual({ allowed: false });
  });
});

describe('A client that wants what nobody can do here', () => {
  it.each([
    ['a level of authentication', {}, { contextClasses: ['gold'] }, 'wants a safer way of signing in'],
    ['another way to sign in', { enableLocalLogin: false }, {}, 'does not accept the way you signed in'],
  ] as const)('is refused, or left alone: %s', async (_what, difference, asked, words) => {
    const server = await runPages({ clients: [client('notes', difference)] });
    const browser = await signedInBrowser(server);
    const { id, handle } = await ask(server, asked);
    const page = await browser.open(`/backchannel?request=${id}`);
    expect(looked(page, words)).toEqual([200, '/backchannel', true]);
    await browser.submit(page, { scope: ['openid'], decision: 'allow' });
    expect(await decisionOf(server, handle)).toBeUndefined();
  });
});
