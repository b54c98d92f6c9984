import { beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigurationError, UsedIdStore } from '@tessera/resource-model';
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
import { DpopHolder } from '../../possession/dpop-holder.spec.fixture.js';
import { requestSigner, type RequestSigner } from '../../signed-requests.spec.fixture.js';

const redirectUri = 'https://app.example.com/callback';
const web = {
  allowedGrantTypes: ['authorization_code'],
  redirectUris: [redirectUri],
  allowedScopes: ['openid', 'profile', 'api1'],
};
const request = {
  client_id: 'web',
  redirect_uri: redirectUri,
  response_type: 'code',
  scope: 'openid profile',
  state: 'a state',
  code_challenge: challenge,
  code_challenge_method: 'S256',
};

let signer: RequestSigner;
beforeAll(async () => void (signer = await requestSigner()));

const clientsOf = ({ jwks }: RequestSigner) => [
  client('web', { ...web, allowedCorsOrigins: ['https://app.example.com'] }),
  client('other', web),
  client('strict', { ...web, requirePushedAuthorization: true, pushedAuthorizationLifetime: 20 }),
  client('public', { ...web, clientSecrets: [], requireClientSecret: false }),
  client('machine'),
  client('signing', { ...web, jwks, requireRequestObject: true }),
];
const start = (adapter: (typeof adapters)[number] = 'fastify', more: Parameters<typeof run>[0] = {}) =>
  run({ ...seed, clients: clientsOf(signer), imports: [PlainPagesModule], ...more }, { adapter });

const push = (server: RunningServer, difference: Record<string, string> = {}, basic = 'web:secret') =>
  server.post('connect/par', { ...request, ...difference }, { basic });

async function pushed(server: RunningServer, difference: Record<string, string> = {}, basic?: string) {
  const answer = await push(server, difference, basic);
  return { client_id: difference.client_id ?? 'web', request_uri: answer.body.request_uri as string };
}

async function signedIn(server: RunningServer): Promise<Browser> {
  const browser = new Browser(server);
  await browser.signIn('alice');
  return browser;
}

describe.each(adapters)('The pushed authorization request endpoint on %s', (adapter) => {
  let server: RunningServer;
  beforeAll(async () => void (server = await start(adapter)));

  it('answers 201 with a request_uri and how long it counts, and nobody keeps it (RFC 9126 §2.2)', async () => {
    const answer = await push(server);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(answer.body).toEqual({
      request_uri: expect.stringMatching(/^urn:ietf:params:oauth:request_uri:[\w-]{43}$/),
      expires_in: 60,
    });
    expect((await push(server)).body.request_uri).not.toBe(answer.body.request_uri);
  });

  it('authenticates the client as the token endpoint does (RFC 9126 §2)', async () => {
    const wrong = await push(server, {}, 'web:wrong');
    expect([wrong.status, wrong.body.error]).toEqual([401, 'invalid_client']);
    expect(wrong.headers.get('www-authenticate')).toMatch(/^Basic/);
    expect((await server.post('connect/par', { ...request, client_secret: 'secret' })).status).toBe(201);
    expect((await server.post('connect/par', request)).body.error).toBe('invalid_client');
  });

  it('takes the request of a public client, which shows its id alone (RFC 9126 §2)', async () => {
    expect((await server.post('connect/par', { ...request, client_id: 'public' })).status).toBe(201);
  });

  it.each<[string, Record<string, string>, string]>([
    ['request_uri is sent (RFC 9126 §2.1)', { request_uri: 'https://app.example.com/r' }, 'invalid_request'],
    ['client_id is left out (RFC 9126 §2.1)', { client_id: '' }, 'invalid_request'],
    ['client_id is another client’s', { client_id: 'other' }, 'invalid_request'],
    ['redirect_uri is not registered: authentication relaxes nothing (RFC 9126 §2.4)', { redirect_uri: `${redirectUri}/2` }, 'invalid_request'],
    ['redirect_uri is left out', { redirect_uri: '' }, 'invalid_request'],
    ['response_type is missing', { response_type: '' }, 'invalid_request'],
    ['response_type is unknown', { response_type: 'magic' }, 'unsupported_response_type'],
    ['the client may not use the response_type', { response_type: 'id_token', nonce: 'n' }, 'unauthorized_client'],
    ['a scope is not allowed', { scope: 'openid api2' }, 'invalid_scope'],
    ['code_challenge is missing (RFC 7636 §4.4.1)', { code_challenge: '' }, 'invalid_request'],
    ['prompt is unknown', { prompt: 'nicely' }, 'invalid_request'],
    ['claims is no JSON', { claims: '{' }, 'invalid_request'],
    ['a request object comes from a client without keys', { request: 'x.y.z' }, 'request_not_supported'],
  ])('refuses with JSON and 400 at once where %s (RFC 9126 §2.3)', async (_what, difference, error) => {
    const answer = await push(server, difference);
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
    expect(answer.body).toEqual({ error, error_description: expect.any(String) });
  }); // prettier-ignore

  it('refuses a parameter that comes twice (RFC 6749 §3.1)', async () => {
    const body = `${new URLSearchParams(request).toString()}&scope=api1`;
    expect((await server.post('connect/par', body, { basic: 'web:secret' })).body.error).toBe('invalid_request');
  });

  it('refuses a client that has no business with people', async () => {
    expect((await push(server, { client_id: 'machine' }, 'machine:secret')).status).toBe(400);
  });

  it('refuses a body that is too large with 413, and any other method with 405 (RFC 9126 §2.3)', async () => {
    const huge = await push(server, { unknown: 'x'.repeat(70_000) });
    expect([huge.status, huge.body.error]).toEqual([413, 'invalid_request']);
    const got = await server.send('connect/par');
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
    const json = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } };
    expect((await server.send('connect/par', json)).status).toBe(400);
  });

  it('may be called by the pages of clients, and by no others', async () => {
    const from = async (origin: string) => {
      const answer = await server.post('connect/par', request, { basic: 'web:secret', headers: { origin } });
      return answer.headers.get('access-control-allow-origin');
    };
    expect(await from('https://app.example.com')).toBe('https://app.example.com');
    expect(await from('https://evil.example')).toBeNull();
  });
});

describe('A pushed request', () => {
  let server: RunningServer;
  beforeAll(async () => void (server = await start()));

  it('leads through the sign-in to a code that its client can redeem', async () => {
    const page = await new Browser(server).authorize(await pushed(server));
    expect(page.headers.get('location')).toMatch('/signin?');
    const browser = new Browser(server);
    const signIn = await browser.authorize(await pushed(server));
    const answer = toClient(await browser.act(signIn, { as: 'alice' }));
    expect(answer).toMatchObject({ state: 'a state', iss: issuer });
    const form = {
      grant_type: 'authorization_code',
      code: answer.code!,
      redirect_uri: redirectUri,
      code_verifier: verifier,
    };
    const tokens = await server.post('connect/token', form, { basic: 'web:secret' });
    expect(claimsOf(tokens.body.id_token as string)).toMatchObject({ sub: 'subject-of-alice', aud: 'web' });
  });

  it('counts alone: whatever stands beside its request_uri is passed over (RFC 9126 §4, RFC 9101 §5)', async () => {
    const browser = await signedIn(server);
    const beside = {
      scope: 'openid api1',
      state: 'outside',
      redirect_uri: 'https://evil.example',
      response_type: 'id_token',
      response_mode: 'fragment',
      prompt: 'login',
      nonce: 'outside',
    };
    const answer = await browser.authorize({ ...(await pushed(server)), ...beside });
    expect(answer.headers.get('location')).toMatch(`${redirectUri}?`);
    expect(toClient(answer)).toMatchObject({ code: expect.any(String), state: 'a state' });
    const { code } = toClient(answer);
    const form = { grant_type: 'authorization_code', code: code!, redirect_uri: redirectUri, code_verifier: verifier };
    const tokens = (await server.post('connect/token', form, { basic: 'web:secret' })).body;
    expect(tokens.scope).toBe('openid profile');
    expect(claimsOf(tokens.id_token as string).nonce).toBeUndefined();
  });

  it('is answered once (RFC 9126 §7.3)', async () => {
    const browser = await signedIn(server);
    const uri = await pushed(server);
    expect(toClient(await browser.authorize(uri)).code).toBeDefined();
    const again = await browser.authorize(uri);
    expect([again.status, again.body.code, again.headers.get('location')]).toEqual([400, 'invalid_request_uri', null]);
  });

  it('of twenty that bring it at once is answered to one', async () => {
    const browser = await signedIn(server);
    const uri = await pushed(server);
    const answers = await Promise.all(Array.from({ length: 20 }, () => browser.authorize(uri)));
    expect(answers.filter((answer) => toClient(answer).code !== undefined)).toHaveLength(1);
    expect(answers.every(({ status }) => status === 303 || status === 400)).toBe(true);
  });

  it('may be loaded again until it is answered, and in another tab: one of them gets the answer (RFC 9126 §4)', async () => {
    const browser = new Browser(server);
    const uri = await pushed(server);
    const pages = [await browser.authorize(uri), await browser.authorize(uri)];
    const [first, second] = [
      await browser.act(pages[0]!, { as: 'alice' }),
      await browser.act(pages[1]!, { as: 'alice' }),
    ];
    expect(toClient(first).code).toBeDefined();
    expect(toClient(second)).toMatchObject({ error: 'invalid_request_uri', state: 'a state', iss: issuer });
    expect((await browser.authorize(uri)).body.code).toBe('invalid_request_uri');
  });

  it('stays answered for whoever began with it, long after its own time is over (RFC 9126 §7.3)', async () => {
    const browser = new Browser(server);
    const uri = await pushed(server);
    const pages = [await browser.authorize(uri), await browser.authorize(uri)];
    expect(toClient(await browser.act(pages[0]!, { as: 'alice' })).code).toBeDefined();
    server.clock.advance(900);
    await server.app.get(UsedIdStore).removeExpired(server.clock.now(), 1000);
    expect(toClient(await browser.act(pages[1]!, { as: 'alice' }))).toMatchObject({ error: 'invalid_request_uri' });
  });

  it('goes on when its time is over while the person signs in', async () => {
    const browser = new Browser(server);
    const page = await browser.authorize(await pushed(server));
    server.clock.advance(600);
    expect(toClient(await browser.act(page, { as: 'alice' })).code).toBeDefined();
  });

  it('ends after its lifetime, which is the client’s (RFC 9126 §4)', async () => {
    const browser = new Browser(server);
    const uri = await pushed(server, { client_id: 'strict' }, 'strict:secret');
    server.clock.advance(19);
    expect((await browser.authorize(uri)).status).toBe(303);
    server.clock.advance(1);
    expect((await browser.authorize(uri)).body.code).toBe('invalid_request_uri');
  });

  it('of another client is refused, and not used up by that (RFC 9126 §7.3)', async () => {
    const browser = await signedIn(server);
    const uri = await pushed(server);
    for (const client_id of ['other', 'public']) {
      const stolen = await browser.authorize({ ...uri, client_id });
      expect([stolen.status, stolen.body.code]).toEqual([400, 'invalid_request_uri']);
    }
    expect((await browser.authorize({ request_uri: uri.request_uri })).body.code).toBe('invalid_request');
    expect(toClient(await browser.authorize(uri)).code).toBeDefined();
  });

  it('with prompt=none is not used up by a browser in which nobody is signed in', async () => {
    const uri = await pushed(server, { prompt: 'none' });
    expect(toClient(await new Browser(server).authorize(uri)).error).toBe('login_required');
    expect(toClient(await (await signedIn(server)).authorize(uri)).code).toBeDefined();
  });

  it('is nothing that prompt=none beside it can find out about: what stands beside does not count', async () => {
    const uri = await pushed(server);
    const page = await new Browser(server).authorize({ ...uri, prompt: 'none', redirect_uri: redirectUri });
    expect(page.headers.get('location')).toMatch('/signin?');
    const unknown = { client_id: 'web', request_uri: `${uri.request_uri}x`, prompt: 'none', redirect_uri: redirectUri };
    const answer = await new Browser(server).authorize(unknown);
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request_uri']);
  });

  it('may be a signed one; then what stands in its object counts, and nothing beside that (RFC 9126 §3)', async () => {
    const { client_id: _, ...parameters } = request;
    const object = await signer.sign({ ...parameters, client_id: 'signing', max_age: 60 });
    const form = { client_id: 'signing', request: object, scope: 'openid api1', state: 'outside' };
    const answer = await server.post('connect/par', form, { basic: 'signing:secret' });
    expect(answer.status).toBe(201);
    const browser = await signedIn(server);
    const uri = { client_id: 'signing', request_uri: answer.body.request_uri as string };
    expect(toClient(await browser.authorize(uri))).toMatchObject({ code: expect.any(String), state: 'a state' });
  });

  it('must be a signed one where the client has to sign (RFC 9101 §10.5)', async () => {
    expect((await push(server, { client_id: 'signing' }, 'signing:secret')).body.error).toBe('invalid_request');
  });

  it.each<[string, object]>([
    ['of another client', { client_id: 'other' }],
    ['that has expired', { exp: 1000 }],
    ['with a request_uri in it (RFC 9101 §4)', { request_uri: 'https://app.example.com' }],
  ])('is refused with an object %s', async (_what, claims) => {
    const object = await signer.sign({ ...request, client_id: 'signing', ...claims });
    const form = { client_id: 'signing', request: object };
    const answer = await server.post('connect/par', form, { basic: 'signing:secret' });
    expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request_object']);
  });
});

describe('A request that is pushed with a DPoP proof (RFC 9449 §10.1)', () => {
  let server: RunningServer;
  let holder: DpopHolder;
  beforeAll(async () => {
    server = await start();
    holder = new DpopHolder(() => server.clock.now());
  });
  const pushWith = (proof: string, difference: Record<string, string> = {}) =>
    server.post('connect/par', { ...request, ...difference }, { basic: 'web:secret', headers: { dpop: proof } });
  const proofFor = (path: string) => holder.proof('POST', `${issuer}/connect/${path}`);

  it('has its code bound to the key of the proof', async () => {
    const answer = await pushWith(proofFor('par'));
    expect(answer.status).toBe(201);
    const uri = { client_id: 'web', request_uri: answer.body.request_uri as string };
    const { code } = toClient(await (await signedIn(server)).authorize(uri));
    const form = { grant_type: 'authorization_code', code: code!, redirect_uri: redirectUri, code_verifier: verifier };
    expect((await server.post('connect/token', form, { basic: 'web:secret' })).body.error).toBe('invalid_grant');
    const options = { basic: 'web:secret', headers: { dpop: proofFor('token') } };
    expect((await server.post('connect/token', form, options)).body.token_type).toBe('DPoP');
  });

  it('is refused where dpop_jkt names another key, and where the proof is for another address', async () => {
    const other = new DpopHolder();
    expect((await pushWith(proofFor('par'), { dpop_jkt: other.thumbprint })).body.error).toBe('invalid_request');
    expect((await pushWith(proofFor('par'), { dpop_jkt: holder.thumbprint })).status).toBe(201);
    expect((await pushWith(proofFor('token'))).body.error).toBe('invalid_dpop_proof');
  });
});

describe('Where requests must be pushed (RFC 9126 §5 and §6)', () => {
  it('a client of which that is asked is refused everything else', async () => {
    const server = await start();
    const plain = await new Browser(server).authorize({ ...request, client_id: 'strict' });
    expect(toClient(plain)).toMatchObject({ error: 'invalid_request', state: 'a state', iss: issuer });
    const uri = await pushed(server, { client_id: 'strict' }, 'strict:secret');
    expect(toClient(await (await signedIn(server)).authorize(uri)).code).toBeDefined();
    expect((await new Browser(server).authorize(request)).headers.get('location')).toMatch('/signin?');
  });

  it('by every client, none is let through with a plain or a signed request', async () => {
    const server = await start('fastify', { requirePushedAuthorization: true });
    expect(toClient(await new Browser(server).authorize(request)).error).toBe('invalid_request');
    const object = await signer.sign({ ...request, client_id: 'signing' });
    const signed = await new Browser(server).authorize({ client_id: 'signing', request: object });
    expect(toClient(signed)).toMatchObject({ error: 'invalid_request', state: 'a state' });
    expect(toClient(await (await signedIn(server)).authorize(await pushed(server))).code).toBeDefined();
  });

  it('the endpoint cannot be switched off', async () => {
    const off = { requirePushedAuthorization: true, endpoints: { pushedAuthorization: false } };
    await expect(start('fastify', off)).rejects.toThrow(ConfigurationError);
  });
});

describe('Discovery', () => {
  const metadata = async (server: RunningServer) => (await server.send('.well-known/openid-configuration')).body;

  it('names the endpoint, and says when nothing else is let through (RFC 9126 §5)', async () => {
    const some = await metadata(await start());
    expect(some.pushed_authorization_request_endpoint).toBe(`${issuer}/connect/par`);
    expect(some).not.toHaveProperty('require_pushed_authorization_requests');
    const all = await metadata(await start('fastify', { requirePushedAuthorization: true }));
    expect(all.require_pushed_authorization_requests).toBe(true);
  });

  it('does not name it where it is off, or nobody signs in here', async () => {
    const off = await metadata(await start('fastify', { endpoints: { pushedAuthorization: false } }));
    expect(off).not.toHaveProperty('pushed_authorization_request_endpoint');
    const machines = await metadata(await start('fastify', { clients: [client('machine')] }));
    expect(machines).not.toHaveProperty('pushed_authorization_request_endpoint');
  });
});
