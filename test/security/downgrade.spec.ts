import { hash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { formOf, PlainBrowser, type Shown } from '../plain-browser.js';
import { basic, type RunningServer } from '../running-server.js';
import {
  answerAt,
  answerOf,
  authorizeAddress,
  type Difference,
  redeem,
  redirectUri,
  signedIn,
  silently,
  startForPeople,
  webClient,
} from './people.fixture.js';

// What a person was asked is what counts: nobody changes it on the way, leaves out a step, or takes an answer elsewhere.

const clients = [
  webClient('web', { redirectUris: [redirectUri, 'https://app.example.com/second'] }),
  webClient('asking', { requireConsent: true, redirectUris: [redirectUri, 'https://app.example.com/second'] }),
  webClient('asking_too', { requireConsent: true, redirectUris: ['https://too.example/cb'], clientName: 'Too' }),
  webClient('hybrid', { allowedGrantTypes: ['hybrid'], allowAccessTokensViaBrowser: true }),
];
const asking = { client_id: 'asking', scope: 'openid profile' };
const askingToo = { client_id: 'asking_too', redirect_uri: 'https://too.example/cb' };

/** What an attacker would like the request to have been. */
const wishes: Readonly<Record<string, string>> = {
  response_type: 'code id_token token',
  response_mode: 'fragment',
  scope: 'openid profile api1 offline_access',
  client_id: 'asking_too',
  redirect_uri: 'https://app.example.com/second',
  state: 'of the attacker',
  nonce: 'of the attacker',
  prompt: 'none',
  max_age: '99999',
  code_challenge: hash('sha256', 'a-verifier-of-the-attacker-0123456789-0123456789', 'base64url'),
  code_challenge_method: 'plain',
  request_uri: 'https://evil.example/request',
  login_hint: 'bob',
};

let server: RunningServer;
let browser: PlainBrowser;

beforeAll(async () => void (server = await startForPeople(clients)));
beforeEach(() => void (browser = new PlainBrowser(server)));
afterAll(() => server.close());

const begin = (difference: Difference = {}) => browser.open(authorizeAddress(difference));
const idIn = ({ url }: Pick<Shown, 'url'>) => url.searchParams.get('interaction')!;
const resumeAddress = (id: string, more: Readonly<Record<string, string>> = {}) =>
  `/connect/authorize/resume?${new URLSearchParams({ interaction: id, ...more }).toString()}`;

/** Who signed in, as the client of the code is told. */
async function claimsOf(code: string | undefined): Promise<Record<string, string>> {
  const { id_token } = (await redeem(server, code)).body;
  return JSON.parse(Buffer.from(String(id_token).split('.')[1]!, 'base64url').toString());
}

/** Sends a form of a page and stops before the answer is followed. */
async function send(page: Shown, fields: Readonly<Record<string, string>>): Promise<URL> {
  const { action, body } = formOf(page);
  Object.entries(fields).forEach(([name, value]) => body.set(name, value));
  const response = await browser.fetch(action, { method: 'POST', body });
  return new URL(response.headers.get('location') ?? '/none', server.url);
}

function altered(address: URL, more = wishes): URL {
  const url = new URL(address);
  Object.entries(more).forEach(([name, value]) => url.searchParams.set(name, value));
  return url;
}

describe('Parameters of the request, put into addresses and forms on the way', () => {
  async function expectAsBegun(back: Shown) {
    expect(back.url.href.startsWith(`${redirectUri}?code=`)).toBe(true);
    expect(answerOf(back)).toMatchObject({ state: 'a state', iss: server.url });
    const tokens = await redeem(server, answerOf(back).code, {}, basic('asking'));
    expect(tokens.body).toMatchObject({ scope: 'openid profile' });
    expect(tokens.body.refresh_token).toBeUndefined();
  }

  test.each(Object.entries(wishes))('change nothing: %s', async (name, value) => {
    const more = { [name]: value };
    const signIn = await begin({ ...asking, prompt: 'consent' });
    const toConsent = await send(signIn, { username: 'alice', password: 'alice', ...more });
    const consent = await browser.open(altered(toConsent, more));
    expect(consent.url.pathname).toBe('/consent');
    // A consent form has fields of its own of the name `scope`: beyond what was asked for they give nothing.
    const scopes = name === 'scope' ? value.split(' ') : ['openid', 'profile'];
    const { action, body } = formOf({ ...consent, url: altered(consent.url, more) });
    body.delete('scope');
    scopes.forEach((scope) => body.append('scope', scope));
    body.set('decision', 'allow');
    if (name !== 'scope') body.set(name, value);
    const answered = await browser.fetch(altered(action, more), { method: 'POST', body });
    await expectAsBegun(await browser.open(altered(new URL(answered.headers.get('location')!), more)));
  });

  test('change nothing, all together', async () => {
    const signIn = await begin(asking);
    const consent = await browser.open(
      altered(await send(signIn, { username: 'alice', password: 'alice', ...wishes })),
    );
    const { scope, ...others } = wishes;
    expect(scope).toBeDefined();
    await expectAsBegun(await browser.open(altered(await send(consent, { decision: 'allow', ...others }))));
  });

  test('cannot make an answer that travels in the fragment travel in the query (response mode downgrade)', async () => {
    const request = { client_id: 'hybrid', response_type: 'code id_token', nonce: 'n' };
    const toClient = await send(await begin(request), { username: 'alice', password: 'alice' });
    const back = await browser.open(altered(toClient, { response_mode: 'query', response_type: 'code' }));
    expect([back.url.search, answerOf(back).id_token]).toEqual(['', expect.any(String)]);
    expect(answerOf(await begin({ ...request, response_mode: 'query' })).error).toBe('invalid_request');
  });
});

describe('A sign-in that the request asks for anew', () => {
  test.each<[string, Difference]>([
    ['prompt=login', { prompt: 'login' }],
    ['max_age=0', { max_age: '0' }],
    ['prompt=login consent', { prompt: 'login consent' }],
  ])('cannot be left out by going on without it: %s', async (_what, difference) => {
    browser = await signedIn(server);
    const { sid } = await claimsOf((await silently(browser)).code);
    const page = await begin(difference);
    const id = idIn(page);
    for (const address of [
      resumeAddress(id),
      resumeAddress(id, { prompt: '', max_age: '', client_id: 'web' }),
      resumeAddress(id, { prompt: 'none' }),
      `/consent?interaction=${id}`,
      `/account?interaction=${id}`,
      `/signin?interaction=${id}&prompt=none`,
    ]) {
      const shown = await browser.open(address);
      expect([address, shown.url.pathname]).toEqual([address, '/signin']);
    }
    const { body } = formOf(page);
    for (const path of ['/account', '/consent']) {
      const answers = { account: sid!, action: 'continue', decision: 'allow', scope: 'openid' };
      const form = new URLSearchParams([...body, ...Object.entries(answers)]);
      const shown = await browser.open(path, { method: 'POST', body: form });
      expect([path, shown.url.pathname]).toEqual([path, '/signin']);
    }
  });

  test('cannot be made up for by a sign-in beside it, for which nobody was asked', async () => {
    browser = await signedIn(server);
    const page = await begin({ prompt: 'login' });
    await browser.open('/signout').then((out) => browser.submit(out));
    await browser.signIn(await browser.open('/signin'));
    expect((await browser.open(resumeAddress(idIn(page)))).url.pathname).toBe('/signin');
    expect(answerOf(await browser.signIn(page)).code).toBeDefined();
  });

  test('cannot be left out with a second prompt or max_age in the request', async () => {
    browser = await signedIn(server);
    for (const more of ['&prompt=', '&prompt=none', '&max_age=99999&max_age=0']) {
      const answer = answerOf(await browser.open(`${authorizeAddress({ prompt: 'login' })}${more}`));
      expect([more, answer.error, answer.code]).toEqual([more, 'invalid_request', undefined]);
    }
  });

  test('does not count where somebody with a wrong password was there', async () => {
    browser = await signedIn(server);
    const page = await begin({ prompt: 'login' });
    await browser.submit(page, { username: 'alice', password: 'wrong' });
    expect((await browser.open(resumeAddress(idIn(page)))).url.pathname).toBe('/signin');
  });
});

describe('Consent', () => {
  test('cannot be left out by going on without it', async () => {
    browser = await signedIn(server);
    const page = await begin(asking);
    for (const address of [
      resumeAddress(idIn(page)),
      resumeAddress(idIn(page), { decision: 'allow', scope: 'openid', consent: 'true' }),
      `/consent?${new URLSearchParams({ interaction: idIn(page), decision: 'allow', scope: 'openid', csrf: formOf(page).body.get('csrf')! }).toString()}`,
      `/signin?interaction=${idIn(page)}`,
      `/account?interaction=${idIn(page)}`,
    ]) {
      expect([address, (await browser.open(address)).url.pathname]).toEqual([address, '/consent']);
    }
  });

  test('gives nothing that was not asked for, whatever the form says', async () => {
    browser = await signedIn(server);
    const page = await begin({ ...asking, scope: 'openid' });
    const back = await browser.submit(page, {
      decision: 'allow',
      scope: ['openid', 'profile', 'api1', 'offline_access'],
    });
    expect((await redeem(server, answerOf(back).code, {}, basic('asking'))).body.scope).toBe('openid');
  });

  test('for one client is none for another, and its interaction answers no other request', async () => {
    browser = await signedIn(server);
    const [one, other] = [await begin(asking), await begin(askingToo)];
    const withOther = await browser.fetch(resumeAddress(idIn(one), { client_id: 'asking_too' }));
    expect(withOther.headers.get('location')).toContain(`/consent?interaction=${idIn(one)}`);
    const back = await browser.submit(one, { decision: 'allow', client_id: 'asking_too' });
    expect(back.url.href.startsWith(redirectUri)).toBe(true);
    expect((await redeem(server, answerOf(back).code, {}, basic('asking_too'))).body.error).toBe('invalid_grant');
    expect((await browser.open(resumeAddress(idIn(other)))).url.pathname).toBe('/consent');
    // The id that is used up in the address, and the open one in the form: there is one answer, for the one in the form.
    const { body } = formOf(other);
    body.set('decision', 'deny');
    const mixed = await browser.open(`/consent?interaction=${idIn(one)}`, { method: 'POST', body });
    expect([mixed.url.origin, answerOf(mixed).error]).toEqual(['https://too.example', 'access_denied']);
  });

  test('of one person is none of the next at the same browser', async () => {
    browser = await signedIn(server, 'alice');
    const next = await send(await begin(asking), { decision: 'allow', remember: 'yes' });
    await browser.open('/signout').then((out) => browser.submit(out));
    await browser.signIn(await browser.open('/signin'), 'bob');
    const shown = await browser.open(next);
    expect([shown.url.pathname, shown.text]).toEqual(['/consent', expect.stringContaining('Bob')]);
  });
});

describe('An interaction', () => {
  test('gives one code: going on a second time shows a page of ours', async () => {
    const next = await send(await begin(), { username: 'alice', password: 'alice' });
    expect(answerOf(await browser.open(next)).code).toBeDefined();
    const again = await browser.open(next);
    expect([again.url.origin, again.status]).toEqual([server.url, 404]);
  });

  test('gives one code where ten go on at once', async () => {
    const next = await send(await begin(), { username: 'alice', password: 'alice' });
    const answers = await Promise.all(Array.from({ length: 10 }, () => browser.fetch(next)));
    const codes = answers.map(({ headers }) => answerAt(new URL(headers.get('location')!, server.url)).code);
    expect(codes.filter((code) => code !== undefined)).toHaveLength(1);
    const others = answers.filter((_answer, index) => codes[index] === undefined);
    const lost = others.map(({ headers }) =>
      headers.get('location')!.includes(`/signin?interaction=${idIn({ url: next })}`),
    );
    expect(lost).toEqual(Array.from({ length: 9 }, () => true));
  });

  test('of the attacker opens nothing in the browser of the person, nor the other way round', async () => {
    const [attacker, person] = [new PlainBrowser(server), await signedIn(server)];
    const theirs = await attacker.open(authorizeAddress(asking));
    const ours = await person.open(authorizeAddress(asking));
    for (const [who, page] of [
      [person, theirs],
      [attacker, ours],
    ] as const) {
      const id = idIn(page);
      for (const address of [
        resumeAddress(id),
        `/signin?interaction=${id}`,
        `/consent?interaction=${id}`,
        `/account?interaction=${id}`,
      ]) {
        const shown = await who.open(address);
        expect([address, shown.url.origin, shown.status]).toEqual([address, server.url, 404]);
        expect(shown.text).not.toMatch(/Alice|Bob/);
      }
      const form = await who.open('/signin').then((own) => own.html);
      const csrf = /name="csrf" value="([^"]+)"/.exec(form)?.[1] ?? '';
      const body = { interaction: id, csrf, username: 'bob', password: 'bob', decision: 'allow', scope: 'openid' };
      for (const path of ['/signin', '/consent', '/account']) {
        const shown = await who.open(path, { method: 'POST', body: new URLSearchParams(body) });
        expect([path, shown.url.origin, shown.status]).toEqual([path, server.url, 404]);
      }
    }
    expect((await silently(attacker)).error).toBe('login_required');
    expect(await claimsOf((await silently(person)).code)).toMatchObject({ sub: '1' });
  });

  test('for a sign-in is none for a sign-out, nor the other way round', async () => {
    browser = await signedIn(server);
    const [asked, out] = [await begin(asking), await browser.open('/connect/endsession?client_id=web')];
    expect(idIn(out)).toEqual(expect.any(String));
    expect((await browser.open(resumeAddress(idIn(out)))).status).toBe(404);
    expect((await browser.open(`/consent?interaction=${idIn(out)}`)).status).toBe(404);
    await browser.open(`/connect/endsession?interaction=${idIn(asked)}`);
    expect((await silently(browser)).code).toBeDefined();
  });

  test('that is made up is none', async () => {
    browser = await signedIn(server);
    for (const id of ['x', '__proto__', '0'.repeat(43), 'a'.repeat(5000), '\0', '../..']) {
      const shown = await browser.open(resumeAddress(id, { client_id: 'web' }));
      expect([shown.url.origin, shown.status]).toEqual([server.url, 404]);
    }
    expect((await browser.open('/connect/authorize/resume')).url.href).toBe(`${server.url}/`);
  });
});

describe('Session fixation', () => {
  const name = '__Host-tessera.session';

  test('a session cookie from before the sign-in opens nothing after it', async () => {
    await browser.open('/signin');
    await browser.putCookie(name, 'planted-by-the-attacker');
    await browser.signIn(await browser.open('/signin'));
    expect(await browser.cookie(name)).not.toBe('planted-by-the-attacker');
    const attacker = new PlainBrowser(server);
    await attacker.putCookie(name, 'planted-by-the-attacker');
    expect((await silently(attacker)).error).toBe('login_required');
  });

  test('the session of the attacker, put into the browser of the person, is not the one of the person afterwards', async () => {
    const attacker = await signedIn(server, 'bob');
    const planted = (await attacker.cookie(name))!;
    const page = await begin();
    await browser.putCookie(name, planted);
    const back = await browser.signIn(page, 'alice');
    expect(answerOf(back).code).toBeDefined();
    expect(await browser.cookie(name)).not.toBe(planted);
    // The session that was there has ended: nobody shares one.
    expect((await silently(attacker)).error).toBe('login_required');
  });

  test('each sign-in gives another cookie, also to the same person, and the one before is worth nothing', async () => {
    browser = await signedIn(server);
    const before = (await browser.cookie(name))!;
    await browser.signIn(await begin({ prompt: 'login' }));
    expect(await browser.cookie(name)).not.toBe(before);
    const thief = new PlainBrowser(server);
    await thief.putCookie(name, before);
    expect((await silently(thief)).error).toBe('login_required');
  });

  test('another person gets another session id, and after the sign-out the cookie is worth nothing', async () => {
    browser = await signedIn(server, 'alice');
    const first = await claimsOf((await silently(browser)).code);
    const second = await claimsOf(answerOf(await browser.signIn(await begin({ prompt: 'login' }), 'bob')).code);
    expect([second.sub, second.sid === first.sid]).toEqual(['2', false]);
    const cookie = (await browser.cookie(name))!;
    await browser.submit(await browser.open('/signout'));
    await browser.putCookie(name, cookie);
    expect((await silently(browser)).error).toBe('login_required');
  });
});
