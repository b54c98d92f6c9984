import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  adapters,
  claimsOf,
  client,
  issuer,
  run,
  type RunningServer,
  seed,
} from '../../running-server.spec.fixture.js';
import { Browser, challenge, PlainPagesModule, toClient, verifier } from '../../signed-in-browser.spec.fixture.js';

const redirectUri = 'https://app.example.com/callback';
const web = {
  allowedGrantTypes: ['authorization_code'],
  redirectUris: [redirectUri],
  allowedScopes: ['openid', 'profile', 'email', 'api1'],
  allowOfflineAccess: true,
};
const pairwise = { subjectType: 'pairwise', pairwiseSubjectSalt: 'a long and random text' } as const;
const clients = [
  ...seed.clients,
  client('web', web),
  client('other_web', { ...web, redirectUris: ['https://other.example.com/cb?x=1'] }),
  client('asking', { ...web, requireConsent: true }),
  client('implicit', { ...web, allowedGrantTypes: ['implicit'], allowAccessTokensViaBrowser: true }),
  client('hybrid', {
    ...web,
    allowedGrantTypes: ['hybrid'],
    allowAccessTokensViaBrowser: true,
    requirePkce: false,
  }),
  client('native', {
    ...web,
    redirectUris: ['http://127.0.0.1/cb', 'com.example.app:/cb'],
    clientSecrets: [],
    requireClientSecret: false,
  }),
  client('pairwise', { ...web, ...pairwise }),
  client('other_sector', { ...web, ...pairwise, redirectUris: ['https://other.example.com/cb'] }),
  client('short_sso', { ...web, userSsoLifetime: 600 }),
];
const request = {
  client_id: 'web',
  redirect_uri: redirectUri,
  response_type: 'code',
  scope: 'openid profile',
  state: 'a state',
  code_challenge: challenge,
  code_challenge_method: 'S256',
};

const start = (adapter: (typeof adapters)[number] = 'fastify') =>
  run({ clients, imports: [PlainPagesModule] }, { adapter });

async function signedIn(server: RunningServer, name = 'alice'): Promise<Browser> {
  const browser = new Browser(server);
  await browser.signIn(name);
  return browser;
}

function redeem(server: RunningServer, code: string, difference: Record<string, string> = {}, basic = 'web:secret') {
  const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier };
  return server.post('connect/token', { ...form, ...difference }, { basic });
}

describe.each(adapters)('The authorize endpoint on %s', (adapter) => {
  let server: RunningServer;
  beforeAll(async () => void (server = await start(adapter)));

  it('sends somebody who is not signed in to the sign-in page, and the answer to the client afterwards', async () => {
    const browser = new Browser(server);
    const page = await browser.authorize(request);
    expect([page.status, page.headers.get('cache-control')]).toEqual([303, 'no-store']);
    expect(page.headers.get('location')).toMatch(`${issuer}/signin?interaction=`);
    const answer = await browser.act(page, { as: 'alice' });
    expect(answer.headers.get('location')).toMatch(`${redirectUri}?code=`);
    expect(toClient(answer)).toMatchObject({ state: 'a state', iss: issuer, session_state: expect.any(String) });
    const tokens = await redeem(server, toClient(answer).code!);
    expect(tokens.status).toBe(200);
    expect(claimsOf(tokens.body.id_token as string)).toMatchObject({
      sub: 'subject-of-alice',
      aud: 'web',
      sid: expect.any(String),
    });
  });

  it('answers at once for somebody who is signed in (single sign-on), by GET and by POST', async () => {
    const browser = await signedIn(server);
    expect(toClient(await browser.authorize(request)).code).toBeDefined();
    const post = await browser.get('connect/authorize', { method: 'POST', body: new URLSearchParams(request) });
    expect([post.status, toClient(post).state]).toEqual([303, 'a state']);
  });

  // The cookie for the session frame comes along from everywhere; the one of the session does not.
  it.each([
    ['no cookie', {}],
    ['cookies for other sites', { cookie: '__Host-tessera.state=x; __Host-tessera.browser=y; balancer=z' }],
  ])(
    'leads a form of another site with %s on as an address, so that the browser brings all along',
    async (_name, cookie) => {
      const headers = { 'sec-fetch-site': 'cross-site', ...cookie };
      const answer = await server.send('connect/authorize', {
        method: 'POST',
        body: new URLSearchParams(request),
        headers,
      });
      expect([answer.status, answer.headers.get('location')]).toEqual([
        303,
        `?${new URLSearchParams(request).toString()}`,
      ]);
    },
  );

  it('keeps the session in cookies that are Secure, HttpOnly and bound to the host', async () => {
    const { headers } = await server.send('act?as=alice');
    const cookies = headers.getSetCookie();
    expect(cookies.find((line) => line.startsWith('__Host-tessera.session='))).toMatch(
      /; HttpOnly; Secure; SameSite=Lax/,
    );
    expect(cookies.every((line) => line.startsWith('__Host-') && line.includes('Path=/'))).toBe(true);
  });
});

describe('An authorize request', () => {
  let server: RunningServer;
  beforeAll(async () => void (server = await start()));
  const refused = async (difference: Record<string, string>, who = new Browser(server)) =>
    toClient(await who.authorize({ ...request, ...difference }));

  it.each([
    ['an unknown client', { client_id: 'nobody' }],
    ['a disabled client', { client_id: 'disabled_client' }],
    ['no redirect_uri', { redirect_uri: '' }],
    ['another client’s redirect_uri', { redirect_uri: 'https://other.example.com/cb?x=1' }],
    ['a path added', { redirect_uri: `${redirectUri}/evil` }],
    ['a path traversed', { redirect_uri: `${redirectUri}/../../evil` }],
    ['a query added', { redirect_uri: `${redirectUri}?x=1` }],
    ['a fragment added', { redirect_uri: `${redirectUri}#x` }],
    ['other letters', { redirect_uri: 'https://APP.example.com/callback' }],
    ['an encoded letter', { redirect_uri: 'https://app.example.com/c%61llback' }],
    ['a user name in front', { redirect_uri: 'https://app.example.com@evil.example/callback' }],
    ['a name that begins alike', { redirect_uri: 'https://app.example.com.evil.example/callback' }],
    ['a backslash', { redirect_uri: 'https://app.example.com\\@evil.example/callback' }],
    ['a script', { redirect_uri: 'javascript:alert(1)' }],
    ['a port', { redirect_uri: 'https://app.example.com:444/callback' }],
  ])('with %s never leaves this server (RFC 6749 §4.1.2.1)', async (_what, difference) => {
    const answer = await new Browser(server).authorize({ ...request, ...difference });
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
    expect(answer.body.code).toBe('invalid_request');
  });

  it.each([
    ['response_type is missing', { response_type: '' }, 'invalid_request'],
    ['response_type is unknown', { response_type: 'none of yours' }, 'unsupported_response_type'],
    ['the client may not use the response_type', { response_type: 'id_token', nonce: 'n' }, 'unauthorized_client'],
    ['response_mode is unknown', { response_mode: 'carrier_pigeon' }, 'invalid_request'],
    ['a scope is unknown', { scope: 'openid nonsense' }, 'invalid_scope'],
    [
      'code_challenge is left out (RFC 7636 §4.4.1)',
      { code_challenge: '', code_challenge_method: '' },
      'invalid_request',
    ],
    ['code_challenge_method is left out, which means plain', { code_challenge_method: '' }, 'invalid_request'],
    ['code_challenge is no SHA-256', { code_challenge: 'short' }, 'invalid_request'],
    ['prompt is unknown', { prompt: 'nicely' }, 'invalid_request'],
    ['prompt=none is not alone', { prompt: 'none login' }, 'invalid_request'],
    ['prompt=create where nobody can register', { prompt: 'create' }, 'invalid_request'],
    ['max_age is no number', { max_age: '-1' }, 'invalid_request'],
    ['display is unknown', { display: 'hologram' }, 'invalid_request'],
    ['claims is no JSON', { claims: '{' }, 'invalid_request'],
    ['claims has members that are no objects', { claims: '{"userinfo":{"name":1}}' }, 'invalid_request'],
    ['id_token_hint is not ours', { id_token_hint: 'a.b.c' }, 'invalid_request'],
    ['a request object is sent (OpenID Connect Core §6.1)', { request: 'x' }, 'request_not_supported'],
    [
      'request_uri is sent (OpenID Connect Core §6.2)',
      { request_uri: 'https://x.example' },
      'request_uri_not_supported',
    ],
    ['registration is sent (OpenID Connect Core §7.2.1)', { registration: '{}' }, 'registration_not_supported'],
    [
      'an essential acr cannot be reached (OpenID Connect Core §5.5.1.1)',
      { claims: '{"id_token":{"acr":{"essential":true,"values":["gold"]}}}' },
      'unmet_authentication_requirements',
    ],
  ])('is refused to the client, with state and iss, where %s', async (_what, difference, error) => {
    expect(await refused(difference)).toMatchObject({ error, state: 'a state', iss: issuer });
  });

  it('that sends a parameter twice is refused (RFC 6749 §3.1)', async () => {
    const twice = `${new URLSearchParams(request).toString()}&scope=api1`;
    const answer = await server.send(`connect/authorize?${twice}`);
    expect(toClient(answer)).toMatchObject({ error: 'invalid_request', state: 'a state' });
    expect((await server.send(`connect/authorize?${twice}&redirect_uri=https://evil.example`)).status).toBe(400);
  });

  it('of a native application may name any port of the loopback address (RFC 8252 §7.3), and nothing else may differ', async () => {
    const browser = await signedIn(server);
    const sent = (redirect_uri: string) =>
      browser.authorize({ ...request, client_id: 'native', redirect_uri, prompt: 'none' });
    for (const good of ['http://127.0.0.1:51004/cb', 'com.example.app:/cb']) {
      expect((await sent(good)).headers.get('location')).toMatch(`${good}?error=consent_required`);
    }
    for (const wrong of [
      'http://127.0.0.1:51004/other',
      'http://localhost:51004/cb',
      'http://127.0.0.2:51004/cb',
      'https://127.0.0.1/cb',
    ]) {
      expect([wrong, (await sent(wrong)).status]).toEqual([wrong, 400]);
    }
  });

  it('opens its page in the browser that made it and in no other', async () => {
    const page = await new Browser(server).authorize(request);
    expect(await new Browser(server).look(page)).toMatchObject({ lost: true, client: { clientId: 'web' } });
  });
});

describe('prompt and max_age', () => {
  let server: RunningServer;
  beforeAll(async () => void (server = await start()));

  it('none: answers login_required where nobody is signed in (OpenID Connect Core §3.1.2.6)', async () => {
    expect(toClient(await new Browser(server).authorize({ ...request, prompt: 'none' })).error).toBe('login_required');
  });

  it('none: answers without a page where somebody is', async () => {
    expect(toClient(await (await signedIn(server)).authorize({ ...request, prompt: 'none' })).code).toBeDefined();
  });

  it('none: answers consent_required where the person has to agree', async () => {
    const browser = await signedIn(server);
    const answer = await browser.authorize({ ...request, client_id: 'asking', prompt: 'none' });
    expect(toClient(answer).error).toBe('consent_required');
  });

  it('login: asks again, and auth_time shows it', async () => {
    const browser = await signedIn(server);
    server.clock.advance(100);
    const page = await browser.authorize({ ...request, prompt: 'login' });
    expect(page.headers.get('location')).toMatch('/signin');
    const { code } = toClient(await browser.act(page, { as: 'alice' }));
    const { id_token } = (await redeem(server, code!)).body;
    expect(claimsOf(id_token as string).auth_time).toBe(server.clock.now());
  });

  it('login: cannot be answered by going back to the authorize endpoint without a sign-in', async () => {
    const browser = await signedIn(server);
    const page = new URL((await browser.authorize({ ...request, prompt: 'login' })).headers.get('location')!);
    const again = await browser.get(`connect/authorize/resume${page.search}`);
    expect(again.headers.get('location')).toMatch('/signin');
  });

  it('select_account: lets the person choose, and consent: asks although nothing is required', async () => {
    const browser = await signedIn(server);
    const page = await browser.authorize({ ...request, prompt: 'select_account consent' });
    expect(page.headers.get('location')).toMatch('/account');
    const consent = await browser.act(page, { do: 'choose' });
    expect(consent.headers.get('location')).toMatch('/consent');
    expect(toClient(await browser.act(consent, { do: 'allow', scopes: 'openid profile' })).code).toBeDefined();
  });

  it('max_age: a sign-in that is older does not count', async () => {
    const browser = await signedIn(server);
    server.clock.advance(30);
    expect(toClient(await browser.authorize({ ...request, max_age: '30' })).code).toBeDefined();
    server.clock.advance(1);
    expect((await browser.authorize({ ...request, max_age: '30' })).headers.get('location')).toMatch('/signin');
    expect((await browser.authorize({ ...request, max_age: '0' })).headers.get('location')).toMatch('/signin');
  });

  it('userSsoLifetime: ends single sign-on for one client alone', async () => {
    const browser = await signedIn(server);
    server.clock.advance(601);
    expect((await browser.authorize({ ...request, client_id: 'short_sso' })).headers.get('location')).toMatch(
      '/signin',
    );
    expect(toClient(await browser.authorize(request)).code).toBeDefined();
  });

  it('id_token_hint: nobody else than the person named is let through (OpenID Connect Core §3.1.2.1)', async () => {
    const browser = await signedIn(server);
    const { code } = toClient(await browser.authorize(request));
    const hint = { id_token_hint: (await redeem(server, code!)).body.id_token as string };
    expect(toClient(await browser.authorize({ ...request, ...hint, prompt: 'none' })).code).toBeDefined();
    const bob = await signedIn(server, 'bob');
    expect(toClient(await bob.authorize({ ...request, ...hint, prompt: 'none' })).error).toBe('login_required');
    const page = await bob.authorize({ ...request, ...hint });
    expect(toClient(await bob.act(page, { as: 'bob' })).error).toBe('login_required');
  });
});

describe('Consent', () => {
  let server: RunningServer;
  beforeAll(async () => void (server = await start()));
  const asking = { ...request, client_id: 'asking', scope: 'openid profile email' };

  it('gives what the person agreed to and the required scopes, and is asked again where it is not remembered', async () => {
    const browser = await signedIn(server);
    const page = await browser.authorize(asking);
    expect((await browser.look(page)).consent).toMatchObject({
      identity: [{ name: 'openid', required: true }, { name: 'profile' }, { name: 'email' }],
    });
    const { code } = toClient(await browser.act(page, { do: 'allow', scopes: 'email', remember: 'false' }));
    expect((await redeem(server, code!, {}, 'asking:secret')).body.scope).toBe('openid email');
    expect((await browser.authorize(asking)).headers.get('location')).toMatch('/consent');
  });

  it('is remembered where the person wants that, for what was agreed to and no more', async () => {
    const browser = await signedIn(server, 'bob');
    const page = await browser.authorize({ ...asking, scope: 'openid profile' });
    await browser.act(page, { do: 'allow', scopes: 'openid profile', remember: 'true' });
    expect(toClient(await browser.authorize({ ...asking, scope: 'openid profile' })).code).toBeDefined();
    expect((await browser.authorize(asking)).headers.get('location')).toMatch('/consent');
  });

  it('refused is access_denied for the client (RFC 6749 §4.1.2.1)', async () => {
    const browser = await signedIn(server);
    const page = await browser.authorize(asking);
    expect(toClient(await browser.act(page, { do: 'cancel' }))).toMatchObject({
      error: 'access_denied',
      state: 'a state',
    });
  });
});

describe('An authorization code', () => {
  let server: RunningServer;
  beforeAll(async () => void (server = await start()));
  const codeFor = async (difference: Record<string, string> = {}) =>
    toClient(await (await signedIn(server)).authorize({ ...request, ...difference })).code!;

  it.each([
    ['without its verifier', { code_verifier: '' }],
    ['with another verifier', { code_verifier: verifier.toUpperCase() }],
    ['with another redirect_uri', { redirect_uri: 'https://other.example.com/cb?x=1' }],
  ])('%s is invalid_grant, and stays good', async (_what, difference) => {
    const code = await codeFor();
    expect((await redeem(server, code, difference)).body.error).toBe('invalid_grant');
    expect((await redeem(server, code)).status).toBe(200);
  });

  it('with a verifier where no challenge was sent is invalid_grant (RFC 9700 §2.1.1)', async () => {
    const hybrid = {
      client_id: 'hybrid',
      response_type: 'code id_token',
      nonce: 'n',
      code_challenge: '',
      code_challenge_method: '',
    };
    const code = await codeFor(hybrid);
    expect((await redeem(server, code, {}, 'hybrid:secret')).body.error).toBe('invalid_grant');
    expect((await redeem(server, code, { code_verifier: '' }, 'hybrid:secret')).status).toBe(200);
  });

  it('of one client is unknown to another, whose try does not burn it', async () => {
    const code = await codeFor();
    expect((await redeem(server, code, {}, 'other_web:secret')).body.error).toBe('invalid_grant');
    expect((await redeem(server, code)).status).toBe(200);
  });

  it('ends', async () => {
    const code = await codeFor();
    server.clock.advance(60);
    expect((await redeem(server, code)).body.error).toBe('invalid_grant');
  });

  it('redeemed again takes back what it gave: access, refresh and later tokens (RFC 6749 §4.1.2)', async () => {
    const code = await codeFor({ scope: 'openid offline_access' });
    const first = (await redeem(server, code)).body;
    const refresh = (refresh_token: string) =>
      server.post('connect/token', { grant_type: 'refresh_token', refresh_token }, { basic: 'web:secret' });
    const second = (await refresh(first.refresh_token as string)).body;
    expect((await redeem(server, code)).body.error).toBe('invalid_grant');
    for (const { access_token } of [first, second]) {
      const headers = { authorization: `Bearer ${access_token}` };
      expect((await server.send('connect/userinfo', { headers })).status).toBe(401);
    }
    expect((await refresh(second.refresh_token as string)).body.error).toBe('invalid_grant');
  });

  it('redeemed twenty times at once succeeds once', async () => {
    const code = await codeFor();
    const answers = await Promise.all(Array.from({ length: 20 }, () => redeem(server, code)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.error === 'invalid_grant')).toHaveLength(19);
  });
});

describe('The implicit and the hybrid flow', () => {
  let server: RunningServer;
  beforeAll(async () => void (server = await start()));
  const answerTo = async (client_id: string, response_type: string, difference: Record<string, string> = {}) =>
    (await signedIn(server)).authorize({
      client_id, redirect_uri: redirectUri, response_type, scope: 'openid profile', state: 'a state', nonce: 'n', ...difference,
    }); // prettier-ignore

  it.each([
    ['implicit', 'id_token', ['id_token']],
    ['implicit', 'token', ['access_token']],
    ['implicit', 'id_token token', ['access_token', 'id_token']],
    ['hybrid', 'code id_token', ['code', 'id_token']],
    ['hybrid', 'code token', ['access_token', 'code']],
    ['hybrid', 'token id_token code', ['access_token', 'code', 'id_token']],
  ])('%s: %s is answered in the fragment by its parts', async (clientId, type, parts) => {
    const answer = await answerTo(clientId, type);
    const { hash: fragment, search } = new URL(answer.headers.get('location')!);
    const given = Object.fromEntries(new URLSearchParams(fragment.slice(1)));
    expect([
      search,
      Object.keys(given)
        .filter((name) => ['code', 'id_token', 'access_token'].includes(name))
        .sort(),
    ]).toEqual(['', parts]);
    if (given.access_token)
      expect(given).toMatchObject({ token_type: 'Bearer', expires_in: '3600', scope: 'openid profile' });
    if (!given.id_token) return;
    const claims = claimsOf(given.id_token);
    expect(claims).toMatchObject({ nonce: 'n', aud: clientId, s_hash: expect.any(String) });
    expect([claims.at_hash !== undefined, claims.c_hash !== undefined]).toEqual([
      parts.includes('access_token'),
      parts.includes('code'),
    ]);
    // OpenID Connect Core §5.4: without an access token the claims have nowhere else to be.
    expect(claims.name).toBe(type === 'id_token' ? 'The alice' : undefined);
  });

  it('needs a nonce where an id_token comes from here (OpenID Connect Core §3.2.2.1)', async () => {
    expect(toClient(await answerTo('implicit', 'id_token', { nonce: '' })).error).toBe('invalid_request');
    expect(toClient(await answerTo('hybrid', 'code token', { nonce: '' })).code).toBeDefined();
  });

  it('never puts tokens into the query (OAuth 2.0 Multiple Response Types §5)', async () => {
    const answer = await answerTo('implicit', 'id_token', { response_mode: 'query' });
    expect(new URL(answer.headers.get('location')!).hash).toMatch('error=invalid_request');
  });

  it('form_post: a form that sends itself, with everything escaped (OAuth 2.0 Form Post Response Mode §2)', async () => {
    const answer = await answerTo('implicit', 'id_token', {
      response_mode: 'form_post',
      state: '"><script>alert(1)</script>',
    });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(answer.text).toContain('name="state" value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"');
    expect(answer.text).toContain(`action="${redirectUri}"`);
    expect(answer.headers.get('content-security-policy')).toMatch(/script-src 'sha256-[^']+'/);
  });
});

describe('Claims asked for one by one (OpenID Connect Core §5.5)', () => {
  it('are in the id_token or at userinfo, as asked; those that the client may not see are passed over', async () => {
    const server = await start();
    const claims = JSON.stringify({ id_token: { name: null, role: null }, userinfo: { email: { essential: true } } });
    const answer = await (await signedIn(server)).authorize({ ...request, scope: 'openid', claims });
    const { id_token, access_token } = (await redeem(server, toClient(answer).code!)).body;
    expect(claimsOf(id_token as string)).toMatchObject({ name: 'The alice' });
    expect(claimsOf(id_token as string).role).toBeUndefined();
    const { body } = await server.send('connect/userinfo', { headers: { authorization: `Bearer ${access_token}` } });
    expect(body).toEqual({ sub: 'subject-of-alice', email: 'alice@example.com' });
  });

  it('are left out of a refresh when the client may not see them any more, as scopes are', async () => {
    const losing = client('losing', web);
    const server = await run({ clients: [...clients, losing], imports: [PlainPagesModule] });
    const claims = JSON.stringify({ id_token: { email: null, name: null }, userinfo: { email: null } });
    const asking = { ...request, client_id: 'losing', scope: 'openid offline_access', claims };
    const { code } = toClient(await (await signedIn(server)).authorize(asking));
    const { refresh_token } = (await redeem(server, code!, {}, 'losing:secret')).body;
    losing.allowedScopes = ['openid', 'profile'];
    const form = { grant_type: 'refresh_token', refresh_token: refresh_token as string };
    const { id_token, access_token } = (await server.post('connect/token', form, { basic: 'losing:secret' })).body;
    expect(claimsOf(id_token as string)).toMatchObject({ name: 'The alice' });
    expect(claimsOf(id_token as string).email).toBeUndefined();
    const { body } = await server.send('connect/userinfo', { headers: { authorization: `Bearer ${access_token}` } });
    expect(body).toEqual({ sub: 'subject-of-alice' });
  });
});

describe('A pairwise subject (OpenID Connect Core §8)', () => {
  it('is the client’s own name for the person, the same in each token and at userinfo', async () => {
    const server = await start();
    const answer = await (await signedIn(server)).authorize({ ...request, client_id: 'pairwise' });
    const { id_token, access_token } = (await redeem(server, toClient(answer).code!, {}, 'pairwise:secret')).body;
    const { sub } = claimsOf(id_token as string);
    expect(sub).not.toMatch('alice');
    expect(claimsOf(access_token as string).sub).toBe(sub);
    const { body } = await server.send('connect/userinfo', { headers: { authorization: `Bearer ${access_token}` } });
    expect(body).toEqual({ sub, name: 'The alice' });
  });

  it('tells no client whether its user is the one that another sector calls so (§8.1: not correlatable)', async () => {
    const server = await start();
    const browser = await signedIn(server);
    const subOf = async (client_id: string, redirect_uri = redirectUri) => {
      const { code } = toClient(await browser.authorize({ ...request, client_id, redirect_uri }));
      const { id_token } = (await redeem(server, code!, { redirect_uri }, `${client_id}:secret`)).body;
      return claimsOf(id_token as string).sub as string;
    };
    const answerTo = async (sub: string) => {
      const claims = JSON.stringify({ id_token: { sub: { value: sub } } });
      const answer = await browser.authorize({ ...request, client_id: 'pairwise', prompt: 'none', claims });
      return toClient(answer).error ?? 'a code';
    };
    expect(await answerTo(await subOf('pairwise'))).toBe('a code');
    expect(await answerTo(await subOf('other_sector', 'https://other.example.com/cb'))).toBe('login_required');
    expect(await answerTo(await subOf('web'))).toBe('login_required');
    expect(await answerTo('nobody')).toBe('login_required');
  });
});

describe('A session', () => {
  it('has another cookie after each sign-in, so that one put into the browser beforehand opens nothing', async () => {
    const server = await start();
    const browser = await signedIn(server);
    const planted = browser.cookie('__Host-tessera.session');
    await browser.signIn('alice');
    expect(browser.cookie('__Host-tessera.session')).not.toBe(planted);
    const headers = { cookie: `__Host-tessera.session=${planted}` };
    const answer = await server.send(
      `connect/authorize?${new URLSearchParams({ ...request, prompt: 'none' }).toString()}`,
      { headers },
    );
    expect(toClient(answer).error).toBe('login_required');
  });

  it('ends when nobody is there, is prolonged by use, and ends in any case', async () => {
    const server = await start();
    const browser = await signedIn(server);
    const silent = async () => toClient(await browser.authorize({ ...request, prompt: 'none' })).code !== undefined;
    for (const [seconds, isAlive] of [
      [14_000, true],
      [14_000, true],
      [14_000, true],
      [1_300, false],
    ] as const) {
      server.clock.advance(seconds);
      expect(await silent()).toBe(isAlive);
    }
    const idle = await signedIn(server);
    server.clock.advance(14_401);
    expect(toClient(await idle.authorize({ ...request, prompt: 'none' })).error).toBe('login_required');
  });
});
