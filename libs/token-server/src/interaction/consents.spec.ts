import { beforeAll, describe, expect, it } from '@jest/globals';
import { GrantTypes } from '@tessera/protocol';
import { Browser, challenge, PlainPagesModule, toClient, verifier } from '../signed-in-browser.spec.fixture.js';
import { type Answer, client, run, type RunningServer, seed } from '../running-server.spec.fixture.js';

const redirectUri = 'https://app.example.com/callback';
const loopback = 'http://127.0.0.1/cb';
const privateUse = 'com.example.app:/cb';
const web = {
  allowedGrantTypes: ['authorization_code'],
  redirectUris: [redirectUri],
  allowedScopes: ['openid', 'profile', 'email', 'api1'],
  requireConsent: true,
};
const isPublic = { clientSecrets: [], requireClientSecret: false };
const pairwise = { subjectType: 'pairwise', pairwiseSubjectSalt: 'a long and random text' } as const;
const forgetful = client('forgetful', web);
const clients = [
  forgetful,
  client('asking', web),
  client('lasting', { ...web, consentLifetime: 1000 }),
  client('native', { ...web, ...isPublic, requireConsent: false, redirectUris: [loopback, privateUse, redirectUri] }),
  client('native_asking', { ...web, ...isPublic, redirectUris: [privateUse, redirectUri] }),
  client('desktop', { ...web, requireConsent: false, redirectUris: [loopback] }),
  client('desktop_tokens', {
    ...web,
    allowedGrantTypes: ['hybrid'],
    requireConsent: false,
    allowAccessTokensViaBrowser: true,
    redirectUris: [loopback],
  }),
  client('pairwise', { ...web, ...pairwise, accessTokenType: 'reference' }),
  client('pairwise_jwt', { ...web, ...pairwise }),
  client('long_lived', { ...web, allowOfflineAccess: true }),
  client('television', { ...web, allowedGrantTypes: [GrantTypes.deviceCode] }),
];

let server: RunningServer;
beforeAll(async () => void (server = await run({ ...seed, clients, imports: [PlainPagesModule] })));

const requestOf = (client_id: string, scope: string, difference: Record<string, string> = {}) => ({
  client_id,
  redirect_uri: redirectUri,
  response_type: 'code',
  scope,
  code_challenge: challenge,
  code_challenge_method: 'S256',
  ...difference,
});

async function signedIn(name = 'alice'): Promise<Browser> {
  const browser = new Browser(server);
  await browser.signIn(name);
  return browser;
}

/** What the person agrees to on the page that comes of the request. */
async function agree(
  browser: Browser,
  request: Record<string, string>,
  { scopes = request.scope!, remember = true } = {},
): Promise<Answer> {
  const page = await browser.authorize(request);
  expect(isConsentPage(page)).toBe(true);
  return browser.act(page, { do: 'allow', scopes, remember: String(remember) });
}

/** What is issued in the same second counts as issued before. */
async function withdraw(browser: Browser, clientId: string): Promise<void> {
  await browser.withdraw(clientId);
  server.clock.advance(1);
}

const isConsentPage = (answer: Answer) => /\/consent\?/.test(answer.headers.get('location') ?? '');
const isSilent = (answer: Answer) => toClient(answer).code !== undefined;

function redeem(answer: Answer, clientId: string) {
  const form = { grant_type: 'authorization_code', redirect_uri: redirectUri, code_verifier: verifier };
  return server.post('connect/token', { ...form, code: toClient(answer).code! }, { basic: `${clientId}:secret` });
}

const userinfo = async (token: unknown) =>
  (await server.send('connect/userinfo', { headers: { authorization: `Bearer ${String(token)}` } })).status;

describe('A remembered consent', () => {
  it.each([
    ['and has that remembered', true],
    ['and has nothing remembered', false],
  ])('loses what the person takes away when asked again, %s', async (_how, remember) => {
    const browser = await signedIn(remember ? 'alice' : 'bob');
    const request = requestOf('asking', 'openid profile email');
    await agree(browser, request);
    expect(isSilent(await browser.authorize(request))).toBe(true);
    await agree(browser, { ...request, prompt: 'consent' }, { scopes: 'openid profile', remember });
    expect(isConsentPage(await browser.authorize(request))).toBe(true);
    expect(isConsentPage(await browser.authorize(requestOf('asking', 'openid email')))).toBe(true);
    expect(isSilent(await browser.authorize(requestOf('asking', 'openid profile')))).toBe(true);
  });

  it('keeps what the person was not asked about again', async () => {
    const browser = await signedIn();
    await withdraw(browser, 'asking');
    await agree(browser, requestOf('asking', 'openid email'));
    await agree(browser, requestOf('asking', 'openid profile'));
    expect(isSilent(await browser.authorize(requestOf('asking', 'openid profile email')))).toBe(true);
  });

  it('lasts no longer than the person was told: agreeing to something else prolongs nothing', async () => {
    const browser = await signedIn();
    await agree(browser, requestOf('lasting', 'openid email'));
    server.clock.advance(900);
    await agree(browser, requestOf('lasting', 'openid profile'));
    expect(isSilent(await browser.authorize(requestOf('lasting', 'openid email')))).toBe(true);
    server.clock.advance(100);
    expect(isConsentPage(await browser.authorize(requestOf('lasting', 'openid email')))).toBe(true);
  });

  it('counts from the new answer on where the person was asked about all of it', async () => {
    const browser = await signedIn('bob');
    await agree(browser, requestOf('lasting', 'openid email'));
    server.clock.advance(900);
    await agree(browser, requestOf('lasting', 'openid email profile', { prompt: 'consent' }));
    server.clock.advance(999);
    expect(isSilent(await browser.authorize(requestOf('lasting', 'openid email')))).toBe(true);
    server.clock.advance(1);
    expect(isConsentPage(await browser.authorize(requestOf('lasting', 'openid email')))).toBe(true);
  });

  it('counts no more when its answers may no longer be remembered', async () => {
    const browser = await signedIn();
    await agree(browser, requestOf('forgetful', 'openid'));
    expect(isSilent(await browser.authorize(requestOf('forgetful', 'openid')))).toBe(true);
    forgetful.allowRememberConsent = false;
    expect(isConsentPage(await browser.authorize(requestOf('forgetful', 'openid')))).toBe(true);
  });
});

describe('A client that nobody can tell from an impostor (RFC 8252 §8.6, RFC 6749 §10.2)', () => {
  it.each([loopback, privateUse, 'http://127.0.0.1:51004/cb'])(
    'gets nothing at %s without the person’s word, whatever was remembered',
    async (uri) => {
      const browser = await signedIn();
      const request = requestOf('native', 'openid profile', { redirect_uri: uri });
      const page = await browser.authorize(request);
      expect((await browser.look(page)).consent).toMatchObject({ canBeRemembered: false });
      expect(isSilent(await agree(browser, request))).toBe(true);
      expect(isConsentPage(await browser.authorize(request))).toBe(true);
      expect(toClient(await browser.authorize({ ...request, prompt: 'none' })).error).toBe('consent_required');
    },
  );

  it('gets nothing for what the person had remembered at an https address of the same client', async () => {
    const browser = await signedIn();
    await agree(browser, requestOf('native_asking', 'openid'));
    expect(isSilent(await browser.authorize(requestOf('native_asking', 'openid')))).toBe(true);
    const request = requestOf('native_asking', 'openid', { redirect_uri: privateUse });
    expect(isConsentPage(await browser.authorize(request))).toBe(true);
  });

  it('is no client whose https address is its own, public as it may be', async () => {
    expect(isSilent(await (await signedIn()).authorize(requestOf('native', 'openid')))).toBe(true);
  });

  it('is no client that redeems its code with a secret', async () => {
    const browser = await signedIn();
    const request = requestOf('desktop', 'openid', { redirect_uri: loopback });
    expect(isSilent(await browser.authorize(request))).toBe(true);
  });

  it('is each client at such an address where tokens come without its secret', async () => {
    const browser = await signedIn();
    const tokens = { redirect_uri: loopback, response_type: 'code token' };
    expect(isConsentPage(await browser.authorize(requestOf('desktop_tokens', 'openid', tokens)))).toBe(true);
  });
});

describe('A consent that is withdrawn', () => {
  it('takes the reference tokens of a client along that has a name of its own for the person', async () => {
    const browser = await signedIn();
    const { access_token } = (await redeem(await agree(browser, requestOf('pairwise', 'openid')), 'pairwise')).body;
    expect(await userinfo(access_token)).toBe(200);
    await withdraw(browser, 'pairwise');
    expect(await userinfo(access_token)).toBe(401);
  });

  it('takes a code along that was not redeemed yet', async () => {
    const browser = await signedIn();
    const answer = await agree(browser, requestOf('long_lived', 'openid'), { remember: false });
    await withdraw(browser, 'long_lived');
    expect((await redeem(answer, 'long_lived')).body.error).toBe('invalid_grant');
  });

  it('takes a device along that was let in and has not come for its tokens', async () => {
    const browser = await signedIn();
    const begin = () => server.post('connect/deviceauthorization', { scope: 'openid' }, { basic: 'television:secret' });
    const fetchTokens = (device_code: string) =>
      server.post('connect/token', { grant_type: GrantTypes.deviceCode, device_code }, { basic: 'television:secret' });
    const [taken, kept] = [(await begin()).body, (await begin()).body];
    await browser.get(`act?device=${taken.user_code}&scopes=openid`);
    await withdraw(browser, 'television');
    await browser.get(`act?device=${kept.user_code}&scopes=openid`);
    expect((await fetchTokens(taken.device_code as string)).body.error).toBe('invalid_grant');
    expect((await fetchTokens(kept.device_code as string)).status).toBe(200);
  });

  it.each(['long_lived', 'pairwise_jwt'])(
    'takes signed tokens of %s along for which there is no refresh token, and no later ones',
    async (clientId) => {
      const browser = await signedIn();
      const tokens = async () => (await redeem(await agree(browser, requestOf(clientId, 'openid')), clientId)).body;
      const before = await tokens();
      expect(await userinfo(before.access_token)).toBe(200);
      await withdraw(browser, clientId);
      expect(await userinfo(before.access_token)).toBe(401);
      const asked = await server.post(
        'connect/introspect',
        { token: before.access_token as string },
        { basic: `${clientId}:secret` },
      );
      expect(asked.body).toEqual({ active: false });
      expect(await userinfo((await tokens()).access_token)).toBe(200);
      await withdraw(browser, clientId);
    },
  );

  it('leaves other people and other clients alone', async () => {
    const [alice, bob] = [await signedIn(), await signedIn('bob')];
    const tokenOf = async (browser: Browser, clientId: string) =>
      (await redeem(await agree(browser, requestOf(clientId, 'openid'), { remember: false }), clientId)).body
        .access_token;
    const [own, ofBob, elsewhere] = [
      await tokenOf(alice, 'long_lived'),
      await tokenOf(bob, 'long_lived'),
      await tokenOf(alice, 'pairwise_jwt'),
    ];
    await withdraw(alice, 'long_lived');
    expect(await Promise.all([own, ofBob, elsewhere].map(userinfo))).toEqual([401, 200, 200]);
  });
});
