import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { AccountsModule } from '@tessera/accounts';
import { PagesModule } from '@tessera/pages';
import { BackchannelNotifier, type BackchannelQuestion, type ClientInit, Secret, sha256 } from '@tessera/token-server';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { NotificationEndpoint } from '../notification-endpoint.js';
import type { PlainBrowser, Shown } from '../plain-browser.js';
import { basic, FakeClock, type RunningServer, seed, startServer } from '../running-server.js';
import { signedIn } from './people.fixture.js';

const ciba = 'urn:openid:params:grant-type:ciba';

class Telephones extends BackchannelNotifier {
  last = '';

  async notify({ url }: BackchannelQuestion): Promise<void> {
    this.last = url;
  }
}

const bank = (clientId: string, difference: Partial<ClientInit> = {}): ClientInit => ({
  clientId,
  allowedGrantTypes: [ciba],
  backchannelTokenDeliveryMode: 'poll',
  clientSecrets: [new Secret(sha256('secret'))],
  allowedScopes: ['openid', 'profile', 'api1'],
  ...difference,
});

/** Names of this machine and its network, as a client may write them. */
const inside = (port: number) => [
  `127.0.0.1:${port}`,
  `localhost:${port}`,
  `0x7f000001:${port}`,
  `[::1]:${port}`,
  `[::ffff:127.0.0.1]:${port}`,
  `[64:ff9b::7f00:1]:${port}`,
  '169.254.169.254',
  '10.0.0.1',
];

const telephones = new Telephones();
const clock = new FakeClock();
let server: RunningServer;
let endpoint: NotificationEndpoint;
let alice: PlainBrowser;
let sign: (claims: Record<string, unknown>) => Promise<string>;

beforeAll(async () => {
  endpoint = await NotificationEndpoint.start();
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kty: 'EC', kid: 'one' };
  sign = (claims) => new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'one' }).sign(privateKey);
  const signs = { jwks: { keys: [jwk] }, backchannelAuthenticationRequestSigningAlg: 'ES256' } as const;
  const reaching = inside(endpoint.port).map((host, index) =>
    bank(`inside ${index}`, {
      backchannelTokenDeliveryMode: 'ping',
      backchannelClientNotificationEndpoint: `https://${host}/told`,
    }),
  );
  server = await startServer({
    clock,
    tls: true,
    logger: false,
    options: {
      clients: [
        ...seed.clients,
        bank('bank'),
        bank('thief'),
        bank('signer', signs),
        bank('accomplice', signs),
        ...reaching,
      ],
      imports: [AccountsModule, PagesModule],
      outgoing: { certificateAuthorities: [endpoint.ca] },
      providers: [{ provide: BackchannelNotifier, useValue: telephones }],
    },
  });
  alice = await signedIn(server);
});
beforeEach(() => clock.advance(300));
afterAll(async () => {
  endpoint.close();
  await server.close();
});

const ask = (form: Record<string, string> = {}, clientId = 'bank') =>
  server.form('connect/ciba', { scope: 'openid', login_hint: 'alice', ...form }, basic(clientId));
const begin = async (form?: Record<string, string>, clientId?: string) =>
  (await ask(form, clientId)).body.auth_req_id as string;
const poll = (authReqId: string, clientId = 'bank') =>
  server.form('connect/token', { grant_type: ciba, auth_req_id: authReqId }, basic(clientId));
const answer = async (decision: 'allow' | 'deny', browser = alice): Promise<Shown> =>
  browser.submit(await browser.open(telephones.last), { scope: ['openid'], decision });
const refusalOf = async (sent: Promise<{ status: number; body: Record<string, unknown> }>) => {
  const { status, body } = await sent;
  return [status, body.error];
};

describe('The answer of a person (CIBA)', () => {
  test('another client gets nothing with an auth_req_id that it found, and does not use it up', async () => {
    const authReqId = await begin();
    await answer('allow');
    expect(await refusalOf(poll(authReqId, 'thief'))).toEqual([400, 'invalid_grant']);
    clock.advance(5);
    expect((await poll(authReqId)).status).toBe(200);
  });

  test('the link of the notification is no auth_req_id', async () => {
    await begin();
    await answer('allow');
    const id = new URL(telephones.last).searchParams.get('request')!;
    expect(await refusalOf(poll(id))).toEqual([400, 'invalid_grant']);
  });

  test('an auth_req_id is good for nothing but its grant', async () => {
    const authReqId = await begin();
    await answer('allow');
    const forms: Record<string, string>[] = [
      { grant_type: 'authorization_code', code: authReqId, redirect_uri: 'https://app.example.com/callback' },
      { grant_type: 'refresh_token', refresh_token: authReqId },
      { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: authReqId },
    ];
    for (const form of forms) {
      expect((await server.form('connect/token', form, basic('bank'))).status).toBe(400);
    }
    expect((await server.send('connect/userinfo', { headers: { authorization: `Bearer ${authReqId}` } })).status).toBe(
      401,
    );
  });

  test('twenty polls at once get tokens once', async () => {
    // One that was told: of the others nineteen are too early.
    const authReqId = await begin({ client_notification_token: 'a-token' }, 'inside 0');
    await answer('allow');
    const polls = await Promise.all(Array.from({ length: 20 }, () => poll(authReqId, 'inside 0')));
    const errors = polls.map(({ status, body }) => (status === 200 ? 'tokens' : body.error)).sort();
    expect(errors).toEqual([...Array.from({ length: 19 }, () => 'invalid_grant'), 'tokens']);
  });

  test('nothing comes of polling after a refusal', async () => {
    const authReqId = await begin();
    await answer('deny');
    expect(await refusalOf(poll(authReqId))).toEqual([400, 'access_denied']);
    for (let i = 0; i < 3; i++) {
      clock.advance(10);
      expect(await refusalOf(poll(authReqId))).toEqual([400, 'invalid_grant']);
    }
  });

  test('nobody answers what somebody else is asked, even with the link', async () => {
    const authReqId = await begin();
    const bob = await signedIn(server, 'bob');
    const page = await bob.open(telephones.last);
    expect([page.status, page.html.includes('name="decision"')]).toEqual([404, false]);
    // Bob sends what Alice's page would send, with a CSRF token of his own.
    const alices = await alice.open(telephones.last);
    const forged = await bob.submit(alices, { scope: ['openid'], decision: 'allow' });
    expect(forged.status).toBeGreaterThanOrEqual(400);
    expect(await refusalOf(poll(authReqId))).toEqual([400, 'authorization_pending']);
  });

  test('another site cannot have it given for the person (CSRF)', async () => {
    const authReqId = await begin();
    const page = await alice.open(telephones.last);
    const body = new URLSearchParams({
      request: page.url.searchParams.get('request')!,
      decision: 'allow',
      scope: 'openid',
    });
    const headers = { origin: 'https://evil.example', 'content-type': 'application/x-www-form-urlencoded' };
    await alice.fetch('/backchannel', { method: 'POST', body, headers }, 'cross');
    await alice.fetch('/backchannel', { method: 'POST', body, headers });
    expect(await refusalOf(poll(authReqId))).toEqual([400, 'authorization_pending']);
  });

  test('whoever is disabled meanwhile lets nobody in', async () => {
    const authReqId = await begin();
    await answer('allow');
    const person = seed.users.find(({ username }) => username === 'alice')!;
    person.enabled = false;
    try {
      expect(await refusalOf(poll(authReqId))).toEqual([400, 'invalid_grant']);
      expect(await refusalOf(ask())).toEqual([403, 'access_denied']);
    } finally {
      person.enabled = true;
    }
  });
});

describe('What a client sends', () => {
  test('markup in a binding message is refused, and what is shown is escaped', async () => {
    expect(await refusalOf(ask({ binding_message: '<img src=x onerror=alert(1)>' }))).toEqual([
      400,
      'invalid_binding_message',
    ]);
    await begin({ binding_message: `"'&amp; onload='x'` });
    const page = await alice.open(telephones.last);
    expect(page.html).not.toContain(`"'&amp; onload='x'`);
    expect(page.text).toContain(`"'&amp; onload='x'`);
  });

  test('a person is not tired out: twenty requests at once leave three', async () => {
    const statuses = (await Promise.all(Array.from({ length: 20 }, () => ask()))).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(3);
    expect(statuses.filter((status) => status !== 200)).toHaveLength(17);
    expect((await ask({ login_hint: 'bob' })).status).toBe(200);
  });

  const claims = (difference: Record<string, unknown> = {}) => {
    const now = clock.now();
    const object = { iss: 'signer', aud: server.url, exp: now + 60, iat: now, nbf: now, jti: `${Math.random()}` };
    return { ...object, scope: 'openid', login_hint: 'alice', ...difference };
  };
  const sendSigned = (request: string, clientId = 'signer') =>
    server.form('connect/ciba', { request }, basic(clientId));

  test('a signed request counts once, of twenty at once as well', async () => {
    const request = await sign(claims());
    const statuses = (await Promise.all(Array.from({ length: 20 }, () => sendSigned(request)))).map(
      ({ status }) => status,
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(await refusalOf(sendSigned(request))).toEqual([400, 'invalid_request']);
  });

  test('a signed request of another client is refused, even with the same key', async () => {
    expect(await refusalOf(sendSigned(await sign(claims()), 'accomplice'))).toEqual([400, 'invalid_request']);
  });

  test('a signed request for another server is refused', async () => {
    expect(await refusalOf(sendSigned(await sign(claims({ aud: 'https://other.example' }))))).toEqual([
      400,
      'invalid_request',
    ]);
  });

  test('nothing can be slipped in beside a signed request', async () => {
    const form = { request: await sign(claims()), binding_message: 'another' };
    expect(await refusalOf(server.form('connect/ciba', form, basic('signer')))).toEqual([400, 'invalid_request']);
  });
});

test('no notification reaches what is behind the server (SSRF)', async () => {
  for (const [index] of inside(0).entries()) {
    await begin({ client_notification_token: 'a-token' }, `inside ${index}`);
    expect((await answer('deny')).status).toBe(200);
  }
  // Twice: what is tried again after a second is refused again.
  await new Promise((resolve) => setTimeout(resolve, 1300));
  expect(endpoint.received).toEqual([]);
});
