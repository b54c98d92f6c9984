import { createHmac, randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { JWTPayload } from 'jose';
import type { Browser } from '../browser.spec.fixture.js';
import { runWeb, type RunningWeb } from '../running-web.spec.fixture.js';
import { LogoutTokenVerifier } from './logout-token.verifier.js';

const event = 'http://schemas.openid.net/event/backchannel-logout';
let web: RunningWeb;
let browser: Browser;

beforeAll(async () => {
  web = await runWeb();
});
beforeEach(async () => {
  web.issuer.person = { ...web.issuer.person, sub: 'alice-1', sid: randomUUID() };
  ({ browser } = await web.signedIn());
});

/** A logout token as it should be, for the session of `browser`, and what a test changes about it. */
function claims(difference: JWTPayload = {}): JWTPayload {
  const { sub, sid } = web.issuer.person;
  const now = web.clock.now();
  const times = { iat: now, exp: now + 120 };
  return {
    iss: web.issuer.url,
    aud: 'web_client',
    sub,
    sid,
    jti: randomUUID(),
    events: { [event]: {} },
    ...times,
    ...difference,
  };
}

function logoutToken(difference: JWTPayload = {}, header: { typ?: string } = { typ: 'logout+jwt' }): Promise<string> {
  return web.issuer.sign(claims(difference), header);
}

function send(body: string | Record<string, string>, type = 'application/x-www-form-urlencoded'): Promise<Response> {
  const text = typeof body === 'string' ? body : new URLSearchParams(body).toString();
  return fetch(`${web.url}/backchannel-logout`, { method: 'POST', headers: { 'content-type': type }, body: text });
}

async function isSignedIn(who = browser): Promise<boolean> {
  return (await who.open('/')).text.includes('Hello, Alice');
}

async function expectRefused(response: Response): Promise<void> {
  expect(response.status).toBe(400);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(await response.json()).toEqual({
    error: 'invalid_request',
    error_description: 'The logout token is not valid.',
  });
  expect(await isSignedIn()).toBe(true);
}

describe('Back-channel logout', () => {
  it('ends the session that the token names, and is answered with 200 and no-store (§2.8)', async () => {
    const response = await send({ logout_token: await logoutToken() });
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await isSignedIn()).toBe(false);
  });

  it('leaves the other sessions of the person alone', async () => {
    const ended = web.issuer.person.sid;
    web.issuer.person = { ...web.issuer.person, sid: randomUUID() };
    const { browser: other } = await web.signedIn();
    await send({ logout_token: await logoutToken({ sid: ended }) });
    expect(await isSignedIn()).toBe(false);
    expect(await isSignedIn(other)).toBe(true);
  });

  it('ends every session of the person when the token names the person alone', async () => {
    web.issuer.person = { ...web.issuer.person, sid: randomUUID() };
    const { browser: other } = await web.signedIn();
    web.issuer.person = { ...web.issuer.person, sub: 'bob-1' };
    const { browser: bobs } = await web.signedIn();
    await send({ logout_token: await logoutToken({ sub: 'alice-1', sid: undefined }) });
    expect(await isSignedIn()).toBe(false);
    expect(await isSignedIn(other)).toBe(false);
    expect(await isSignedIn(bobs)).toBe(true);
  });

  it('takes a token that names the session alone', async () => {
    expect((await send({ logout_token: await logoutToken({ sub: undefined }) })).status).toBe(200);
    expect(await isSignedIn()).toBe(false);
  });

  it('ends no session of somebody else: session and person both have to fit', async () => {
    expect((await send({ logout_token: await logoutToken({ sub: 'bob-1' }) })).status).toBe(200);
    expect(await isSignedIn()).toBe(true);
  });

  it('is fine with a session that is not here (§2.7)', async () => {
    expect((await send({ logout_token: await logoutToken({ sid: 'nowhere' }) })).status).toBe(200);
    expect(await isSignedIn()).toBe(true);
  });

  it.each([undefined, 'JWT', 'application/logout+jwt', 'LOGOUT+JWT'])('takes typ %s (§2.4)', async (typ) => {
    expect((await send({ logout_token: await logoutToken({}, typ ? { typ } : {}) })).status).toBe(200);
    expect(await isSignedIn()).toBe(false);
  });

  it('takes a token for several clients, if this one is among them', async () => {
    expect((await send({ logout_token: await logoutToken({ aud: ['other', 'web_client'] }) })).status).toBe(200);
  });
});

describe('A logout token is refused', () => {
  it.each<[what: string, difference: JWTPayload]>([
    ['of another issuer', { iss: 'https://evil.example' }],
    ['without an issuer', { iss: undefined }],
    ['for another client', { aud: 'other_client' }],
    ['for nobody', { aud: undefined }],
    ['without iat', { iat: undefined }],
    ['without exp', { exp: undefined }],
    ['without jti', { jti: undefined }],
    ['with an empty jti', { jti: '' }],
    ['without events', { events: undefined }],
    ['of another event', { events: { 'https://schemas.openid.net/secevent/risc/event-type/account-disabled': {} } }],
    ['whose event is no object', { events: { [event]: true } }],
    ['whose event is a list', { events: { [event]: [] } }],
    ['whose events are a list', { events: [event] }],
    ['that names neither session nor person', { sid: undefined, sub: undefined }],
    ['whose sid is no text', { sid: 7 }],
    ['whose sub is no text', { sub: { $ne: '' } as unknown as string }],
    ['with a nonce', { nonce: 'n' }],
    ['with a nonce that is null', { nonce: null }],
  ])('%s (§2.6)', async (_what, difference) => {
    await expectRefused(await send({ logout_token: await logoutToken(difference) }));
  });

  it('when its time is over, and when it is yet to come', async () => {
    const now = web.clock.now();
    const tolerance = LogoutTokenVerifier.clockTolerance;
    for (const wrong of [
      { iat: now - 200, exp: now - tolerance - 1 },
      { iat: now - LogoutTokenVerifier.maxAge - tolerance - 2, exp: now + 1000 },
      { iat: now + tolerance + 5, exp: now + 1000 },
      { nbf: now + tolerance + 5 },
      { iat: 'now' as unknown as number },
    ]) {
      await expectRefused(await send({ logout_token: await logoutToken(wrong) }));
    }
  });

  it('when it comes a second time', async () => {
    const token = await logoutToken({ sid: 'nowhere' });
    expect((await send({ logout_token: token })).status).toBe(200);
    await expectRefused(await send({ logout_token: token }));
  });

  it('when it comes twice at the same moment: it counts once', async () => {
    const token = await logoutToken({ sid: 'nowhere' });
    const answers = await Promise.all([1, 2, 3].map(() => send({ logout_token: token })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
  });

  it('with the jti of a token that was refused, it is taken: a forgery uses up nothing', async () => {
    const jti = randomUUID();
    await expectRefused(await send({ logout_token: await logoutToken({ jti, nonce: 'n' }) }));
    expect((await send({ logout_token: await logoutToken({ jti }) })).status).toBe(200);
  });

  it.each(['at+jwt', 'dpop+jwt', 'logout', ''])('of type %j (§2.4)', async (typ) => {
    await expectRefused(await send({ logout_token: await logoutToken({}, { typ }) }));
  });

  it('that somebody else has signed', async () => {
    const { issuer } = web;
    await expectRefused(await send({ logout_token: await issuer.sign(claims(), {}, issuer.strangersKey) }));
    await expectRefused(await send({ logout_token: await issuer.sign(claims(), { kid: 'k9' }, issuer.strangersKey) }));
  });

  it('without a signature, or signed with what is public or shared', async () => {
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const jwks = await (await fetch(`${web.issuer.url}/jwks`)).text();
    const none = `${encode({ alg: 'none', typ: 'logout+jwt' })}.${encode(claims())}.`;
    await expectRefused(await send({ logout_token: none }));
    for (const key of [jwks, 's3cret-of-the-client']) {
      const signed = `${encode({ alg: 'HS256', typ: 'logout+jwt', kid: 'k1' })}.${encode(claims())}`;
      const forged = `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
      await expectRefused(await send({ logout_token: forged }));
    }
  });

  it('with claims that were changed after the signature', async () => {
    const [header, , signature] = (await logoutToken({ sid: 'nowhere' })).split('.');
    const body = Buffer.from(JSON.stringify(claims())).toString('base64url');
    await expectRefused(await send({ logout_token: `${header}.${body}.${signature}` }));
  });

  it('that is an id_token', async () => {
    const idTokens = [...web.issuer.secrets].filter((secret) => secret.startsWith('ey'));
    await expectRefused(await send({ logout_token: idTokens.at(-1)! }));
  });

  it('that is none, is missing, is there twice, or is not in a form', async () => {
    const token = await logoutToken();
    await expectRefused(await send({ logout_token: 'x' }));
    await expectRefused(await send({}));
    await expectRefused(await send(`logout_token=${token}&logout_token=${token}`));
    await expectRefused(await send(JSON.stringify({ logout_token: token }), 'application/json'));
    await expectRefused(await send(token, 'text/plain'));
  });

  it('in the query: nothing is read there', async () => {
    const url = `${web.url}/backchannel-logout?logout_token=${await logoutToken()}`;
    expect((await fetch(url)).status).toBe(404);
    await expectRefused(await fetch(url, { method: 'POST' }));
  });
});
