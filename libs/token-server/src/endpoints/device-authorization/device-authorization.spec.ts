import { beforeAll, describe, expect, it } from '@jest/globals';
import { GrantTypes } from '@tessera/protocol';
import { DeviceAuthorizationStore, hashHandle, normalizeUserCode, type Session } from '@tessera/resource-model';
import { InteractionPages } from '../../interaction/interaction-pages.js';
import { Devices } from '../../interaction/devices.js';
import type { HttpRequest } from '../../http/message.js';
import { Sessions } from '../../sessions/sessions.js';
import { client, run, type RunningServer, seed } from '../../running-server.spec.fixture.js';

class Pages extends InteractionPages {
  readonly paths = {
    signIn: 'signin',
    chooseAccount: 'choose',
    consent: 'consent',
    device: 'device',
    signOut: 'signout',
    signedOut: 'signedout',
  };

  async showProblem(): Promise<void> {}
}

const television = {
  allowedGrantTypes: [GrantTypes.deviceCode],
  allowedScopes: ['openid', 'profile', 'api1', 'api2'],
  deviceCodeLifetime: 120,
};
const clients = [
  ...seed.clients,
  client('television', television),
  client('radio', television),
  client('bank', { ...television, userSsoLifetime: 60, deviceCodeLifetime: 900 }),
  client('strict', { ...television, defaultMaxAge: 60, deviceCodeLifetime: 900 }),
];
const pages = { provide: InteractionPages, useClass: Pages };

let server: RunningServer;
beforeAll(async () => {
  server = await run({ clients, providers: [pages] });
});

const begin = (form: Record<string, string> = {}, id = 'television') =>
  server.post('connect/deviceauthorization', form, { basic: `${id}:secret` });
const poll = (deviceCode: string, id = 'television') =>
  server.post(
    'connect/token',
    { grant_type: GrantTypes.deviceCode, device_code: deviceCode },
    { basic: `${id}:secret` },
  );

/** Each test has an address of its own, so that none is slowed down by the guesses of another. */
let addresses = 0;
const browser = () => ({ method: 'POST', url: '/device', headers: {}, ip: `192.0.2.${++addresses}` }) as HttpRequest;

async function signIn(): Promise<Session> {
  const reply = {
    header: () => reply,
    getHeader: () => undefined,
    removeHeader: () => reply,
    status: () => reply,
    send: () => reply,
  };
  return server.app
    .get(Sessions)
    .begin(browser(), reply, { subject: 'subject-of-alice', methods: ['pwd'], remember: false });
}
const devices = () => server.app.get(Devices);

describe('The device authorization endpoint (RFC 8628 §3.2)', () => {
  it('gives a device its two codes, the address to go to, and how long and how often to ask', async () => {
    const { status, headers, body } = await begin({ scope: 'openid api1' });
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      device_code: expect.stringMatching(/^[\w-]{43}$/),
      user_code: expect.stringMatching(/^[B-Z]{4}-[B-Z]{4}$/),
      verification_uri: `${seed.issuer}/device`,
      verification_uri_complete: `${seed.issuer}/device?user_code=${body.user_code}`,
      expires_in: 120,
      interval: 5,
    });
  });

  it('keeps neither code as it is', async () => {
    const { user_code, device_code } = (await begin()).body;
    const kept = await server.app
      .get(DeviceAuthorizationStore)
      .findByUserCode(hashHandle(normalizeUserCode(user_code as string)!));
    expect(kept?.clientId).toBe('television');
    expect(JSON.stringify(kept)).not.toContain(device_code);
    expect(JSON.stringify(kept)).not.toContain(user_code);
  });

  it('refuses a scope that the client is not allowed', async () => {
    const { status, body } = await begin({ scope: 'openid email' });
    expect([status, body.error]).toEqual([400, 'invalid_scope']);
  });

  it('refuses a client that may not use the grant', async () => {
    const { status, body } = await begin({}, 'simple_client');
    expect([status, body.error]).toEqual([400, 'unauthorized_client']);
  });

  it('refuses a client that does not show who it is', async () => {
    const { status, body } = await server.post('connect/deviceauthorization', {}, { basic: 'television:wrong' });
    expect([status, body.error]).toEqual([401, 'invalid_client']);
  });

  it('takes a form by POST and nothing else', async () => {
    expect((await server.send('connect/deviceauthorization')).status).toBe(405);
    const headers = { 'content-type': 'application/json' };
    const json = await server.send('connect/deviceauthorization', { method: 'POST', body: '{}', headers });
    expect([json.status, json.body.error]).toEqual([400, 'invalid_request']);
  });

  it('says so where the server has no page for people', async () => {
    const bare = await run({ clients });
    const { status, body } = await bare.post('connect/deviceauthorization', {}, { basic: 'television:secret' });
    expect([status, body.error]).toEqual([400, 'interaction_required']);
  });
});

describe('A device that a person lets in', () => {
  it('waits, then gets tokens for what the person agreed to and for what is required', async () => {
    const { device_code, user_code } = (await begin({ scope: 'openid profile api1' })).body;
    expect((await poll(device_code)).body.error).toBe('authorization_pending');
    const session = await signIn();
    expect(await devices().decide(browser(), (user_code as string).toLowerCase(), session, ['api1'])).toBe(true);
    server.clock.advance(5);
    const { status, body } = await poll(device_code);
    expect(status).toBe(200);
    expect(body.scope).toBe('openid api1');
    expect(body.id_token).toEqual(expect.any(String));
    server.clock.advance(5);
    expect((await poll(device_code)).body.error).toBe('invalid_grant');
  });

  it('is shown to the person first, by a code in any spelling', async () => {
    const { user_code } = (await begin({ scope: 'openid api1' })).body;
    const view = await devices().find(browser(), ` ${(user_code as string).toLowerCase().replace('-', ' ')}`);
    expect(view).toMatchObject({ userCode: user_code, client: { clientId: 'television' } });
    expect(view?.consent.identity.map(({ name }) => name)).toEqual(['openid']);
    expect(view?.consent.api.map(({ name }) => name)).toEqual(['api1']);
    expect(view?.consent.canBeRemembered).toBe(false);
  });

  it('gets no scope that it did not ask for, whatever a form says', async () => {
    const { device_code, user_code } = (await begin({ scope: 'openid api1' })).body;
    await devices().decide(browser(), user_code, await signIn(), ['api1', 'api2', 'offline_access']);
    expect((await poll(device_code)).body.scope).toBe('openid api1');
  });

  it('is refused where the person says no, and nobody can say yes afterwards', async () => {
    const { device_code, user_code } = (await begin()).body;
    const session = await signIn();
    expect(await devices().decide(browser(), user_code, session, undefined)).toBe(true);
    expect(await devices().decide(browser(), user_code, session, ['api1'])).toBe(false);
    expect((await poll(device_code)).body.error).toBe('access_denied');
  });

  it('is gone when its time is over, for the person and for the device', async () => {
    const { device_code, user_code } = (await begin()).body;
    server.clock.advance(120);
    expect(await devices().find(browser(), user_code)).toBeUndefined();
    expect(await devices().decide(browser(), user_code, await signIn(), ['api1'])).toBe(false);
    expect((await poll(device_code)).body.error).toBe('expired_token');
  });

  it('is told to slow down when it polls too early', async () => {
    const { device_code } = (await begin()).body;
    expect((await poll(device_code)).body.error).toBe('authorization_pending');
    expect((await poll(device_code)).body.error).toBe('slow_down');
  });

  it('cannot be taken over by another client', async () => {
    const { device_code, user_code } = (await begin()).body;
    await devices().decide(browser(), user_code, await signIn(), ['api1']);
    expect((await poll(device_code, 'radio')).body.error).toBe('invalid_grant');
  });

  it('is not let in by a session that has ended', async () => {
    const { user_code } = (await begin()).body;
    const session = await signIn();
    expect(await devices().decide(browser(), user_code, { ...session, id: 'ended' }, ['api1'])).toBe(false);
  });

  it.each(['bank', 'strict'])(
    'is not let in by a sign-in that is too old for the client, as at the authorize endpoint (%s)',
    async (clientId) => {
      const session = await signIn();
      server.clock.advance(100);
      const { device_code, user_code } = (await begin({}, clientId)).body;
      server.clock.advance(100);
      expect(await devices().find(browser(), user_code, session)).toMatchObject({ signInAgain: true });
      expect(await devices().decide(browser(), user_code, session, ['api1'])).toBe(false);
      expect((await poll(device_code, clientId)).body.error).toBe('authorization_pending');
      const again = await signIn();
      // A sign-in made for this very request is recent enough, however long the person thinks about it.
      server.clock.advance(100);
      expect(await devices().find(browser(), user_code, again)).toMatchObject({ signInAgain: false });
      expect(await devices().decide(browser(), user_code, again, ['api1'])).toBe(true);
    },
  );

  it('is refused by anybody who is signed in, however long ago', async () => {
    const session = await signIn();
    server.clock.advance(100);
    const { user_code } = (await begin({}, 'bank')).body;
    expect(await devices().decide(browser(), user_code, session, undefined)).toBe(true);
  });

  it('is not found by guessing: the sixth wrong code of an address has to wait (§5.1)', async () => {
    const { user_code } = (await begin()).body;
    const guesser = browser();
    for (let i = 0; i < 5; i++) expect(await devices().find(guesser, 'BBBB-BBBB')).toBeUndefined();
    await expect(devices().find(guesser, user_code)).rejects.toMatchObject({ retryAfter: 1 });
    await expect(devices().decide(guesser, user_code, await signIn(), [])).rejects.toMatchObject({ retryAfter: 1 });
  });

  it('is not found by guessing from all over one IPv6 network (§5.1)', async () => {
    const { user_code } = (await begin()).body;
    const from = (host: number) => ({ ...browser(), ip: `2001:db8:0:1::${host}` });
    for (let i = 0; i < 5; i++) expect(await devices().find(from(i), 'BBBB-BBBB')).toBeUndefined();
    await expect(devices().find(from(9), user_code)).rejects.toMatchObject({ retryAfter: 1 });
  });

  it('is not found by guessing with one account from all over the world (§5.1)', async () => {
    const { user_code } = (await begin()).body;
    const session = await signIn();
    for (let i = 0; i < 5; i++) expect(await devices().find(browser(), 'BBBB-BBBB', session)).toBeUndefined();
    await expect(devices().find(browser(), user_code, session)).rejects.toMatchObject({ retryAfter: 1 });
    await expect(devices().decide(browser(), user_code, session, ['api1'])).rejects.toMatchObject({ retryAfter: 1 });
  });
});
