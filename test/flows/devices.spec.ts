import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { AccountsModule } from '@tessera/accounts';
import { PagesModule } from '@tessera/pages';
import { Secret, sha256 } from '@tessera/token-server';
import * as oauth from 'oauth4webapi';
import { formOf, PlainBrowser, type Shown } from '../plain-browser.js';
import { FakeClock, type RunningServer, seed, startServer } from '../running-server.js';

const television = {
  clientId: 'television',
  clientName: 'The Television',
  allowedGrantTypes: ['urn:ietf:params:oauth:grant-type:device_code'],
  clientSecrets: [new Secret(sha256('secret'))],
  allowedScopes: ['openid', 'profile', 'api1'],
  allowOfflineAccess: true,
  deviceCodeLifetime: 300,
};
const radio = { ...television, clientId: 'radio', requireClientSecret: false, clientSecrets: [] };
const scope = 'openid profile api1 offline_access';
const secret = oauth.ClientSecretBasic('secret');

describe.each(['fastify', 'express'] as const)('A device and its person (RFC 8628), on %s', (adapter) => {
  const client: oauth.Client = { client_id: 'television' };
  let clock: FakeClock;
  let server: RunningServer;
  let as: oauth.AuthorizationServer;
  let options: { [oauth.customFetch]: typeof fetch };
  let browser: PlainBrowser;

  beforeAll(async () => {
    clock = new FakeClock();
    server = await startServer({
      adapter,
      clock,
      tls: true,
      options: { clients: [...seed.clients, television, radio], imports: [AccountsModule, PagesModule] },
    });
    options = { [oauth.customFetch]: server.fetch };
    const issuer = new URL(server.url);
    as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options));
  });
  beforeEach(() => {
    browser = new PlainBrowser(server);
    // What people mistyped before is forgotten after ten minutes.
    clock.advance(600);
  });
  afterAll(() => server.close());

  async function begin(): Promise<oauth.DeviceAuthorizationResponse> {
    const response = await oauth.deviceAuthorizationRequest(as, client, secret, { scope }, options);
    return oauth.processDeviceAuthorizationResponse(as, client, response);
  }

  /** The device asks once more; the error code, where it gets no tokens. */
  async function poll({ device_code }: oauth.DeviceAuthorizationResponse) {
    const response = await oauth.deviceCodeGrantRequest(as, client, secret, device_code, options);
    // The library looks at the times in id_tokens by the clock of the machine.
    const skewed: oauth.Client = { ...client, [oauth.clockSkew]: clock.now() - Math.floor(Date.now() / 1000) };
    return oauth.processDeviceCodeResponse(as, skewed, response).catch((error: unknown) => {
      if (error instanceof oauth.ResponseBodyError) return { error: error.error };
      throw error;
    });
  }

  /** The person opens the address, signs in where the server asks for it, and enters the code. */
  async function enter(userCode: string, address = `${as.issuer}/device`): Promise<Shown> {
    const opened = await browser.open(address);
    const page = opened.url.pathname === '/signin' ? await browser.signIn(opened) : opened;
    expect(page.url.pathname).toBe('/device');
    return browser.submit(page, { user_code: userCode });
  }

  const allow = (confirm: Shown, scopes = scope.split(' ')) =>
    browser.submit(confirm, { scope: scopes, decision: 'allow' });

  test('the metadata names the endpoint and the grant (§4)', () => {
    expect(as.device_authorization_endpoint).toBe(`${server.url}/connect/deviceauthorization`);
    expect(as.grant_types_supported).toContain(television.allowedGrantTypes[0]);
  });

  test('the person types the code, and the device gets an id_token, an access token and a refresh token', async () => {
    const device = await begin();
    expect(device).toMatchObject({
      user_code: expect.stringMatching(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/),
      verification_uri: `${server.url}/device`,
      verification_uri_complete: `${server.url}/device?user_code=${device.user_code}`,
      expires_in: 300,
      interval: 5,
    });
    expect(await poll(device)).toEqual({ error: 'authorization_pending' });
    const confirm = await enter(device.user_code, device.verification_uri);
    expect(confirm.text).toContain('Connect The Television?');
    expect(confirm.text).toContain(`Is this the code your device shows? ${device.user_code}`);
    const done = await allow(confirm);
    expect([done.url.pathname, done.text.includes('Your device is connected')]).toEqual(['/device/done', true]);

    clock.advance(5);
    const tokens = (await poll(device)) as oauth.TokenEndpointResponse;
    expect(tokens).toMatchObject({ scope, token_type: 'bearer', expires_in: 3600 });
    expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({ sub: '1', aud: 'television', amr: ['pwd'] });
    const userinfo = await oauth.userInfoRequest(as, client, tokens.access_token, options);
    expect(await oauth.processUserInfoResponse(as, client, '1', userinfo)).toMatchObject({ name: 'Alice Smith' });
    const refresh = await oauth.refreshTokenGrantRequest(as, client, secret, tokens.refresh_token!, options);
    expect((await refresh.json()) as object).toMatchObject({ access_token: expect.any(String), scope });
    // The code is used up (§3.5).
    clock.advance(5);
    expect(await poll(device)).toEqual({ error: 'invalid_grant' });
  });

  test('the code may be typed in small letters, with spaces, without the dash (§6.1)', async () => {
    for (const typed of [
      (code: string) => code.toLowerCase(),
      (code: string) => code.replace('-', ''),
      (code: string) => ` ${code.toLowerCase().replace('-', ' ')} `,
      (code: string) => [...code.replace('-', '')].join('.'),
    ]) {
      const { user_code } = await begin();
      const confirm = await enter(typed(user_code));
      expect([confirm.url.pathname, confirm.text.includes(user_code)]).toEqual(['/device/confirm', true]);
    }
  });

  test('verification_uri_complete brings the code; the person still has to confirm it twice over (§3.3.1, §5.4)', async () => {
    const device = await begin();
    const opened = await browser.open(device.verification_uri_complete!);
    const page = await browser.signIn(opened);
    expect(formOf(page).body.get('user_code')).toBe(device.user_code);
    expect(page.text).toContain('Compare this code with the one on your device.');
    expect(await poll(device)).toEqual({ error: 'authorization_pending' });
    const confirm = await browser.submit(page);
    expect(confirm.text).toContain('If somebody sent you this code, refuse.');
    clock.advance(5);
    expect(await poll(device)).toEqual({ error: 'authorization_pending' });
    await allow(confirm);
    clock.advance(5);
    expect(await poll(device)).toHaveProperty('access_token');
  });

  test('the person refuses: access_denied, and nothing afterwards (§3.5)', async () => {
    const device = await begin();
    const done = await browser.submit(await enter(device.user_code), { decision: 'deny' });
    expect(done.text).toContain('The device was refused');
    expect(await poll(device)).toEqual({ error: 'access_denied' });
    clock.advance(5);
    expect(await poll(device)).toEqual({ error: 'invalid_grant' });
    expect((await enter(device.user_code)).text).toContain('This code is not correct or is no longer valid.');
  });

  test('the person leaves a scope out: the device gets the others', async () => {
    const device = await begin();
    await allow(await enter(device.user_code), ['openid', 'profile']);
    const tokens = await poll(device);
    expect(tokens).toMatchObject({ scope: 'openid profile', id_token: expect.any(String) });
    expect(tokens).not.toHaveProperty('refresh_token');
  });

  test('a device that is in a hurry is told slow_down, and five seconds more each time (§3.5)', async () => {
    const device = await begin();
    expect(await poll(device)).toEqual({ error: 'authorization_pending' });
    clock.advance(4);
    expect(await poll(device)).toEqual({ error: 'slow_down' });
    clock.advance(9);
    expect(await poll(device)).toEqual({ error: 'slow_down' });
    clock.advance(15);
    expect(await poll(device)).toEqual({ error: 'authorization_pending' });
  });

  test('a code ends with expires_in, allowed or not: expired_token, and the person is told as well (§3.5)', async () => {
    const [waiting, allowed] = [await begin(), await begin()];
    await allow(await enter(allowed.user_code));
    clock.advance(waiting.expires_in);
    expect(await poll(waiting)).toEqual({ error: 'expired_token' });
    expect(await poll(allowed)).toEqual({ error: 'expired_token' });
    expect((await enter(waiting.user_code)).text).toContain('This code is not correct or is no longer valid.');
  });

  test('a code that ends while the person reads lets nobody in', async () => {
    const device = await begin();
    const confirm = await enter(device.user_code);
    clock.advance(device.expires_in);
    const answer = await allow(confirm);
    expect([answer.status, answer.text.includes('no longer valid')]).toEqual([400, true]);
    expect(await poll(device)).toEqual({ error: 'expired_token' });
  });

  test.each(['BBBB-BBBB', 'AAAA-AAAA', '1234', '<script>', ''])('the code %j is nobody’s', async (typed) => {
    const answer = await enter(typed);
    expect([answer.url.pathname, answer.status]).toEqual(['/device', 400]);
    expect(answer.html).not.toContain('<script>');
  });

  test('whoever guesses codes has to wait, and a right one is not looked at meanwhile (§5.1)', async () => {
    const device = await begin();
    for (let guesses = 0; guesses < 5; guesses++) await enter(`BCDF-GHJ${'KLMNP'[guesses]}`);
    const answer = await enter(device.user_code);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '1']);
    clock.advance(1);
    expect((await enter(device.user_code)).url.pathname).toBe('/device/confirm');
  });

  test('two persons have two devices at once, and each device gets its own person', async () => {
    const [first, second] = [await begin(), await begin()];
    const bobs = new PlainBrowser(server);
    const signIn = await bobs.open(second.verification_uri);
    const page = await bobs.signIn(signIn, 'bob');
    const [alice, bob] = [await enter(first.user_code), await bobs.submit(page, { user_code: second.user_code })];
    await Promise.all([allow(alice), bobs.submit(bob, { scope: ['openid'], decision: 'allow' })]);
    const subjects = (await Promise.all([poll(first), poll(second)])).map((tokens) =>
      oauth.getValidatedIdTokenClaims(tokens as oauth.TokenEndpointResponse),
    );
    expect(subjects).toMatchObject([{ sub: '1' }, { sub: '2' }]);
  });

  test('two persons answer the same code: the first answer counts', async () => {
    const device = await begin();
    const bobs = new PlainBrowser(server);
    const page = await bobs.signIn(await bobs.open(device.verification_uri), 'bob');
    const [alice, bob] = [await enter(device.user_code), await bobs.submit(page, { user_code: device.user_code })];
    expect((await allow(alice)).url.pathname).toBe('/device/done');
    expect((await bobs.submit(bob, { decision: 'deny' })).status).toBe(400);
    expect(oauth.getValidatedIdTokenClaims((await poll(device)) as oauth.TokenEndpointResponse)?.sub).toBe('1');
  });

  test('a device that asks twenty times at once gets tokens once', async () => {
    const device = await begin();
    await allow(await enter(device.user_code));
    const answers = await Promise.all(Array.from({ length: 20 }, () => poll(device)));
    expect(answers.filter((answer) => 'access_token' in answer)).toHaveLength(1);
  });

  test('the code of a device is of no use to another client, and stays good', async () => {
    const device = await begin();
    await allow(await enter(device.user_code));
    const other: oauth.Client = { client_id: 'radio' };
    const theft = await oauth.deviceCodeGrantRequest(as, other, oauth.None(), device.device_code, options);
    expect([theft.status, await theft.json()]).toMatchObject([400, { error: 'invalid_grant' }]);
    clock.advance(5);
    expect(await poll(device)).toHaveProperty('access_token');
  });

  test('a device without a secret is let in alike', async () => {
    const other: oauth.Client = { client_id: 'radio' };
    const parameters = new URLSearchParams({ scope: 'openid' });
    const begun = await oauth.deviceAuthorizationRequest(as, other, oauth.None(), parameters, options);
    const device = await oauth.processDeviceAuthorizationResponse(as, other, begun);
    await allow(await enter(device.user_code), ['openid']);
    const response = await oauth.deviceCodeGrantRequest(as, other, oauth.None(), device.device_code, options);
    expect(await response.json()).toMatchObject({ scope: 'openid', id_token: expect.any(String) });
  });

  test('a sign-out leaves the device connected: it is another than the one that signed out', async () => {
    const device = await begin();
    await allow(await enter(device.user_code));
    await browser.submit(await browser.open('/signout'));
    const { refresh_token } = (await poll(device)) as oauth.TokenEndpointResponse;
    const refresh = await oauth.refreshTokenGrantRequest(as, client, secret, refresh_token!, options);
    expect(refresh.status).toBe(200);
  });

  test.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    'device/../../evil.example',
    'javascript:alert(1)',
  ])('the sign-in on the way to the device leads nowhere else: return=%s (open redirect)', async (address) => {
    const page = await browser.open(`/signin?${new URLSearchParams({ return: address }).toString()}`);
    const home = await browser.signIn(page, 'alice', { return: address, returnUrl: address });
    expect([home.url.origin, home.url.pathname]).toEqual([server.url, '/']);
    // Signed in by now, the browser is led on at once.
    const query = new URLSearchParams({ return: 'device', user_code: address, returnUrl: address });
    const device = await browser.open(`/signin?${query.toString()}`);
    expect([device.url.origin, device.url.pathname]).toEqual([server.url, '/device']);
  });

  test('a form of somebody else lets no device in (CSRF)', async () => {
    const device = await begin();
    const confirm = await enter(device.user_code);
    const theirs = new PlainBrowser(server);
    await theirs.signIn(await theirs.open('/device'), 'bob');
    const { action, body } = formOf(confirm);
    body.append('decision', 'allow');
    body.append('scope', 'openid');
    expect((await theirs.open(action, { method: 'POST', body })).status).toBe(403);
    const crossSite = { 'sec-fetch-site': 'cross-site' };
    const own = await browser.open(action, { method: 'POST', body, headers: crossSite });
    expect(own.status).toBe(403);
    expect(await poll(device)).toEqual({ error: 'authorization_pending' });
  });
});
