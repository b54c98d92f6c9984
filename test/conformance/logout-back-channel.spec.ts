import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { AccountsModule } from '@tessera/accounts';
import { PagesModule } from '@tessera/pages';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { parse } from 'node-html-parser';
import { formOf, PlainBrowser } from '../plain-browser.js';
import { basic, bearer, FakeClock, type RunningServer, startServer } from '../running-server.js';
import { LogoutReceiver, type ReceivedLogout } from './logout-receiver.js';
import { endSession, type Login, metadataOf, RelyingParty, verified } from './logout-relying-party.js';

const names = ['web', 'shop', 'front', 'both', 'sub-only', 'pairwise', 'es256', 'offline', 'tied', 'bell'] as const;
type Name = (typeof names)[number];
const parties = Object.fromEntries(names.map((name) => [name, new RelyingParty(name)])) as Record<Name, RelyingParty>;

function clientsAt(receiver: LogoutReceiver) {
  const back = (name: Name) => ({ backChannelLogoutUri: receiver.uriOf(name) });
  const front = (name: Name) => ({ frontChannelLogoutUri: `${parties[name].origin}/front` });
  const differences: Record<Name, Parameters<RelyingParty['registered']>[0]> = {
    web: back('web'),
    shop: { backChannelLogoutUri: `${receiver.uriOf('shop')}?tenant=1` },
    front: front('front'),
    both: { ...back('both'), ...front('both') },
    'sub-only': { ...back('sub-only'), backChannelLogoutSessionRequired: false },
    pairwise: { ...back('pairwise'), subjectType: 'pairwise', pairwiseSubjectSalt: 'salt of sixteen characters' },
    es256: { ...back('es256'), allowedIdentityTokenSigningAlgorithms: ['ES256'] },
    offline: { ...back('offline'), allowOfflineAccess: true },
    tied: { ...back('tied'), allowOfflineAccess: true, coordinateLifetimeWithUserSession: true },
    bell: back('bell'),
  };
  return names.map((name) => parties[name].registered(differences[name]));
}

describe('OpenID Connect Back-Channel Logout 1.0', () => {
  const clock = new FakeClock();
  let server: RunningServer;
  let receiver: LogoutReceiver;
  const warnings: string[] = [];
  let browser: PlainBrowser;

  beforeAll(async () => {
    // The server tells clients once a second: a spec says when a second has passed. Everything else takes its time.
    jest.useFakeTimers({
      doNotFake: ['Date', 'hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate', 'setTimeout', 'clearTimeout'], // prettier-ignore
    });
    receiver = await LogoutReceiver.start();
    server = await startServer({
      clock,
      tls: true,
      logger: { log: () => undefined, warn: (line: unknown) => void warnings.push(String(line)), error: console.error },
      options: {
        clients: clientsAt(receiver),
        imports: [AccountsModule, PagesModule],
        signingAlgorithms: ['RS256', 'ES256'],
        outgoing: { allowPrivateAddresses: true, certificateAuthorities: [receiver.ca], timeout: 30 },
      },
    });
  });
  beforeEach(() => {
    browser = new PlainBrowser(server);
  });
  afterEach(() => {
    receiver.forget();
    warnings.length = 0;
  });
  afterAll(async () => {
    receiver.close();
    await server.close();
    jest.useRealTimers();
  });

  const signIn = (name: Name, more: Record<string, string> = {}, at = browser) =>
    parties[name].signIn(server, at, more);
  const signOut = ({ idToken }: Login, more: Record<string, string> = {}) =>
    endSession(browser, { id_token_hint: idToken, ...more });

  /** What the client has been told, once it is so much: second after second passes. */
  function told(name: string, times = 1): Promise<readonly ReceivedLogout[]> {
    return receiver.until(name, times, () => jest.advanceTimersByTime(1000));
  }

  /** Whoever is to be told by now has been. */
  async function everybodyIsTold(): Promise<void> {
    const before = receiver.at('bell').length;
    const elsewhere = new PlainBrowser(server);
    const { idToken } = await signIn('bell', {}, elsewhere);
    await endSession(elsewhere, { id_token_hint: idToken });
    await told('bell', before + 1);
    await pause(50);
  }

  describe('oidcc-backchannel-logout-discovery-endpoint-verification', () => {
    test('the metadata says that it is supported, with the session (§2.1)', async () => {
      expect(await metadataOf(server)).toMatchObject({
        backchannel_logout_supported: true,
        backchannel_logout_session_supported: true,
      });
    });
  });

  describe('oidcc-backchannel-rp-initiated-logout', () => {
    test('the client is told, the person is led back with state, and nobody is signed in', async () => {
      const login = await signIn('web');
      const { bye } = parties.web;
      const back = await signOut(login, { post_logout_redirect_uri: bye, state: 'state1' });
      expect(back.url.href).toBe(`${bye}?state=state1`);
      const [request] = await told('web');
      const { payload } = await verified(server, request!.token, 'web', 'logout+jwt');
      expect([payload.sub, payload.sid]).toEqual([login.claims.sub, login.claims.sid]);
      expect(await parties.web.silentError(browser)).toBe('login_required');
    });
  });

  describe('one sign-out, and all clients of the session', () => {
    const logins = new Map<string, Login>();
    const requests = new Map<string, readonly ReceivedLogout[]>();
    const takingPart: Name[] = ['web', 'both', 'sub-only', 'pairwise', 'es256'];

    /** Each test looks at the same sign-out. */
    async function sent(name: Name) {
      const [request, ...more] = requests.get(name)!;
      expect([request?.method, more]).toEqual(['POST', []]);
      const { token, form, headers } = request!;
      const { payload, protectedHeader } = await verified(server, token, name, 'logout+jwt');
      return { token, form, headers, claims: payload, header: protectedHeader, login: logins.get(name)! };
    }

    let signedOut: Awaited<ReturnType<typeof signOut>>;
    beforeAll(async () => {
      browser = new PlainBrowser(server);
      for (const name of [...takingPart, 'front', 'web'] as const) logins.set(name, await signIn(name));
      await signIn('shop', {}, new PlainBrowser(server));
      signedOut = await signOut(logins.get('web')!);
      await Promise.all(takingPart.map((name) => told(name)));
      for (const name of [...takingPart, 'front', 'shop?tenant=1']) requests.set(name, receiver.at(name));
    });

    test('every client that took part is told, once, however often the person signed in there (§2.5)', async () => {
      for (const name of takingPart) await sent(name);
    });

    test('no client is told that took no part in this session (§2.5)', () => {
      expect([requests.get('shop?tenant=1'), requests.get('front')]).toEqual([[], []]);
    });

    test('those with frontchannel_logout_uri are told in the browser, those with both in both ways', () => {
      const frames = parse(signedOut.html).querySelectorAll('iframe');
      const origins = frames.map((frame) => new URL(frame.getAttribute('src')!).origin);
      expect(origins).toEqual([parties.both.origin, parties.front.origin]);
    });

    test('it is a form with logout_token and nothing else (§2.5)', async () => {
      const { form, headers } = await sent('web');
      expect([...form.keys()]).toEqual(['logout_token']);
      expect(headers['content-type']).toBe('application/x-www-form-urlencoded');
    });

    test('iss, aud, iat, exp and jti are there; exp is at most two minutes away (§2.4)', async () => {
      const { claims } = await sent('web');
      expect(claims).toMatchObject({ iss: server.url, aud: 'web', jti: expect.stringMatching(/^[\w-]{16,}$/) });
      expect(Math.abs(claims.iat! - clock.now())).toBeLessThan(5);
      expect(claims.exp! - claims.iat!).toBeGreaterThan(0);
      expect(claims.exp! - claims.iat!).toBeLessThanOrEqual(120);
    });

    test('events is an object with the name of the event, and its value an empty object (§2.4)', async () => {
      const { claims } = await sent('web');
      expect(claims.events).toEqual({ 'http://schemas.openid.net/event/backchannel-logout': {} });
    });

    test('there is no nonce, and nothing else about the person (§2.4)', async () => {
      const { claims } = await sent('web');
      expect(Object.keys(claims).sort()).toEqual(['aud', 'events', 'exp', 'iat', 'iss', 'jti', 'sid', 'sub']);
    });

    test('typ is logout+jwt, and alg the one of the client’s id_tokens, never none (§2.4)', async () => {
      for (const name of takingPart) {
        const { header, login } = await sent(name);
        expect(header).toEqual({ typ: 'logout+jwt', alg: name === 'es256' ? 'ES256' : 'RS256', kid: login.header.kid });
        expect(header.alg).toBe(login.header.alg);
      }
    });

    test('sub is what the client’s id_tokens call the person, a pairwise one as well (§2.4)', async () => {
      const subjects = new Set<unknown>();
      for (const name of takingPart) {
        const { claims, login } = await sent(name);
        expect(claims.sub).toBe(login.claims.sub);
        subjects.add(claims.sub);
      }
      expect(subjects.size).toBe(2);
    });

    test('sid is the one of the id_token; without backchannel_logout_session_required sub stands alone (§2.2, §2.4)', async () => {
      for (const name of takingPart) {
        const { claims, login } = await sent(name);
        expect([name, claims.sid]).toEqual([name, name === 'sub-only' ? undefined : login.claims.sid]);
      }
    });

    test('each client gets a token of its own, which no other would take', async () => {
      const all = await Promise.all(takingPart.map((name) => sent(name)));
      expect(new Set(all.map(({ claims }) => claims.jti)).size).toBe(takingPart.length);
      await expect(verified(server, all[0]!.token, 'both')).rejects.toMatchObject({ claim: 'aud' });
    });

    test('a logout token passes for no other kind of token (§4.1)', async () => {
      const { token } = await sent('web');
      expect((await endSession(browser, { id_token_hint: token })).status).toBe(400);
      expect((await server.send('connect/userinfo', { headers: bearer(token) })).status).toBe(401);
      expect((await parties.web.authorize(browser, { id_token_hint: token, prompt: 'none' })).url.search).toContain(
        'error=invalid_request',
      );
    });
  });

  describe('backchannel_logout_uri (§2.2)', () => {
    test('keeps its query', async () => {
      await signOut(await signIn('shop'));
      const [request] = await told('shop?tenant=1');
      expect(decodeJwt(request!.token).aud).toBe('shop');
    });
  });

  describe('a client that does not take it (§2.8)', () => {
    test('and answers nothing delays neither the person nor other clients, and is told again', async () => {
      receiver.answer('web', 'silence');
      const login = await signIn('web');
      await signIn('both');
      await signOut(login);
      await told('both');
      const [first] = await told('web');
      expect(warnings).toEqual([]);

      receiver.hangUp();
      for (let tries = 0; warnings.length === 0 && tries < 500; tries++) await pause(20);
      expect(warnings).toEqual([expect.stringMatching(/^Client 'web' was not told of a logout \(try 1\)/)]);
      receiver.answer('web', 200);
      clock.advance(30);
      const [, second] = await told('web', 2);
      const [one, other] = [decodeJwt(first!.token), decodeJwt(second!.token)];
      expect(other).toMatchObject({ sub: one.sub, sid: one.sid, events: one.events });
      expect([other.jti === one.jti, other.iat! - one.iat!]).toEqual([false, 30]);
      expect(decodeProtectedHeader(second!.token).typ).toBe('logout+jwt');
      clock.advance(900);
      await everybodyIsTold();
      expect([receiver.at('web').length, receiver.at('both').length]).toEqual([2, 1]);
    });

    test('and is led elsewhere, or fails, is told again and again for a day, ever more seldom', async () => {
      receiver.answer('web', 302);
      await signOut(await signIn('web'));
      await told('web');
      receiver.answer('web', 503);
      for (const [tries, seconds] of [
        [2, 30],
        [3, 30],
        [4, 60],
      ] as const) {
        clock.advance(seconds);
        await told('web', tries);
      }
      expect(receiver.at('elsewhere')).toEqual([]);
      clock.advance(86_400);
      await everybodyIsTold();
      expect(receiver.at('web')).toHaveLength(4);
    });

    test('and says so with 400 is not told again', async () => {
      receiver.answer('web', 400);
      await signOut(await signIn('web'));
      await told('web');
      clock.advance(900);
      await everybodyIsTold();
      expect(receiver.at('web')).toHaveLength(1);
    });
  });

  describe('a session ends, and clients are told,', () => {
    test('when the person signs out here, and no client asks', async () => {
      const { claims } = await signIn('web');
      await browser.submit(await browser.open('/signout'));
      const [request] = await told('web');
      expect(decodeJwt(request!.token).sid).toBe(claims.sid);
    });

    test('when the person ends it from another browser, on the account page', async () => {
      const elsewhere = new PlainBrowser(server);
      const lost = await signIn('web', {}, elsewhere);
      const here = await signIn('both');
      const page = await browser.open('/applications');
      const count = parse(page.html).querySelectorAll('form').length;
      const forms = Array.from({ length: count }, (_, index) => formOf(page, index).body);
      const index = forms.findIndex((form) => form.get('session_id') === lost.claims.sid);
      await browser.submit(page, {}, index);
      const [request] = await told('web');
      expect(decodeJwt(request!.token).sid).toBe(lost.claims.sid);
      expect(await parties.web.silentError(elsewhere)).toBe('login_required');
      expect([await parties.both.silentError(browser), receiver.at('both'), here.claims.sub]).toEqual([
        'none',
        [],
        '1',
      ]);
    });

    test('when somebody else signs in with the same browser', async () => {
      const alice = await signIn('web');
      const bob = await signIn('web', { username: 'bob', prompt: 'login' });
      const [request] = await told('web');
      expect(decodeJwt(request!.token)).toMatchObject({ sub: alice.claims.sub, sid: alice.claims.sid });
      expect(bob.claims.sid).not.toBe(alice.claims.sid);
    });

    test('but not when the same person shows once more who they are: the session goes on', async () => {
      const first = await signIn('web');
      const again = await signIn('web', { prompt: 'login' });
      await everybodyIsTold();
      expect([again.claims.sid, receiver.at('web')]).toEqual([first.claims.sid, []]);
    });

    test('but not when its time runs out: that is no logout, and each client has a time of its own', async () => {
      await signIn('web');
      clock.advance(86_400);
      // The server sweeps once a minute.
      jest.advanceTimersByTime(60_000);
      await everybodyIsTold();
      expect([receiver.at('web'), await parties.web.silentError(browser)]).toEqual([[], 'login_required']);
    });
  });

  describe('refresh tokens (§2.7)', () => {
    const refresh = (name: Name, { tokens }: Login) =>
      server.form(
        'connect/token',
        { grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? 'none' },
        basic(name),
      );

    test('of offline_access SHOULD go on after a sign-out, and those tied to the session end with it', async () => {
      const scope = 'openid offline_access';
      const [offline, tied] = [await signIn('offline', { scope }), await signIn('tied', { scope })];
      await signOut(offline);
      expect((await refresh('offline', offline)).status).toBe(200);
      expect((await refresh('tied', tied)).body.error).toBe('invalid_grant');
    });
  });
});
