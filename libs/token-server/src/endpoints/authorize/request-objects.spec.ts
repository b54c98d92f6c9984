import { createHash } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UsedIdStore } from '@tessera/resource-model';
import type { JWTPayload } from 'jose';
import { claimsOf, client, issuer, run, type RunningServer, seed } from '../../running-server.spec.fixture.js';
import { Browser, challenge, PlainPagesModule, toClient, verifier } from '../../signed-in-browser.spec.fixture.js';
import { requestSigner, type RequestSigner } from '../../signed-requests.spec.fixture.js';

const redirectUri = 'https://app.example.com/callback';
const web = {
  allowedGrantTypes: ['authorization_code'],
  redirectUris: [redirectUri, 'https://app.example.com/other'],
  allowedScopes: ['openid', 'profile', 'api1'],
};
const request = {
  redirect_uri: redirectUri,
  response_type: 'code',
  scope: 'openid profile',
  state: 'inside',
  code_challenge: challenge,
  code_challenge_method: 'S256',
};

/** Where clients keep request objects: what is asked for is what is there. */
let documents: http.Server;
const kept = new Map<string, string>();
let status = 200;
let fetched = 0;
let base: string;

let signer: RequestSigner;
let rsa: RequestSigner;
let edwards: Record<'EdDSA' | 'Ed25519', RequestSigner>;
let server: RunningServer;

beforeAll(async () => {
  [signer, rsa] = await Promise.all([requestSigner(), requestSigner('PS256', 'two')]);
  edwards = { EdDSA: await requestSigner('EdDSA'), Ed25519: await requestSigner('Ed25519') };
  documents = http.createServer((asked, answer) => {
    fetched++;
    const found = kept.get(asked.url ?? '');
    answer.writeHead(found === undefined ? 404 : status, { location: '/object' }).end(found);
  });
  await new Promise<void>((resolve) => documents.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(documents.address() as AddressInfo).port}`;
  const { jwks } = signer;
  server = await run({
    clients: [
      ...seed.clients,
      client('plain', web),
      client('web', { ...web, jwks, requestUris: [`${base}/object`, `${base}/missing`] }),
      client('both', { ...web, jwks: { keys: [...jwks.keys, ...rsa.jwks.keys] } }),
      client('pinned', { ...web, jwks: { keys: [...jwks.keys, ...rsa.jwks.keys] }, requestObjectSigningAlg: 'PS256' }),
      ...Object.entries(edwards).flatMap(([name, { jwks }]) => [
        client(`${name} key`, { ...web, jwks }),
        client(`${name} pinned`, { ...web, jwks, requestObjectSigningAlg: 'EdDSA' }),
        client(`${name} named`, { ...web, jwks: { keys: [{ ...jwks.keys[0]!, alg: name }] } }),
      ]),
      client('signing', { ...web, jwks, requireRequestObject: true }),
      client('typed', { ...web, jwks, requireRequestObjectType: true }),
      client('bounded', { ...web, jwks, requireRequestObjectBounds: true }),
    ],
    imports: [PlainPagesModule],
    outgoing: { allowPrivateAddresses: true, allowHttp: true },
  });
});
afterAll(() => void documents.close());

const sign = (claims: JWTPayload = {}, header?: object, by = signer) =>
  by.sign({ client_id: 'web', ...request, ...claims }, { ...header });

async function signedIn(): Promise<Browser> {
  const browser = new Browser(server);
  await browser.signIn('alice');
  return browser;
}

describe('A request object', () => {
  it('counts alone: nothing that stands beside it does (RFC 9101 §5)', async () => {
    const browser = await signedIn();
    const beside = {
      scope: 'openid api1',
      state: 'outside',
      redirect_uri: 'https://app.example.com/other',
      prompt: 'login',
    };
    const answer = await browser.authorize({ client_id: 'web', request: await sign(), ...beside });
    expect(answer.headers.get('location')).toMatch(`${redirectUri}?`);
    const { code, state } = toClient(answer);
    expect(state).toBe('inside');
    const form = { grant_type: 'authorization_code', code: code!, redirect_uri: redirectUri, code_verifier: verifier };
    expect((await server.post('connect/token', form, { basic: 'web:secret' })).body.scope).toBe('openid profile');
  });

  it('lacks what stands only beside it (RFC 9101 §5)', async () => {
    const object = await sign({ scope: undefined, response_type: undefined });
    const answer = await (await signedIn()).authorize({ client_id: 'web', request: object, response_type: 'code' });
    expect(toClient(answer)).toMatchObject({ error: 'invalid_request', state: 'inside' });
    const nowhere = await sign({ redirect_uri: undefined });
    const page = await new Browser(server).authorize({ client_id: 'web', request: nowhere, redirect_uri: redirectUri });
    expect(page.status).toBe(400);
  });

  it('is needed once: what counts of it is kept while the person signs in', async () => {
    const browser = new Browser(server);
    const now = server.clock.now();
    const object = await sign({
      jti: 'once',
      nbf: now,
      exp: now + 30,
      max_age: 100,
      claims: { userinfo: { name: null } },
    });
    const page = await browser.authorize({ client_id: 'web', request: object });
    expect(page.headers.get('location')).toMatch('/signin?');
    server.clock.advance(60);
    expect(toClient(await browser.act(page, { as: 'alice' }))).toMatchObject({
      code: expect.any(String),
      state: 'inside',
    });
  });

  it('may come in a form as well (OpenID Connect Core §3.1.2.1)', async () => {
    const answer = await server.post('connect/authorize', { client_id: 'web', request: await sign() });
    expect(answer.headers.get('location')).toMatch('/signin?');
  });

  it('has values that are JSON: numbers, objects, lists (RFC 9101 §4)', async () => {
    const browser = await signedIn();
    const values = {
      max_age: 3600,
      resource: ['api1'],
      scope: 'openid api1',
      claims: { id_token: { name: { essential: true } } },
    };
    const { code } = toClient(await browser.authorize({ client_id: 'web', request: await sign(values) }));
    expect(code).toBeDefined();
    const form = { grant_type: 'authorization_code', code: code!, redirect_uri: redirectUri, code_verifier: verifier };
    const { id_token: idToken } = (await server.post('connect/token', form, { basic: 'web:secret' })).body;
    expect(claimsOf(idToken as string)).toMatchObject({ name: 'The alice', auth_time: expect.any(Number) });
  });

  it('without typ, or with JWT, is taken as well, unless the client says otherwise (RFC 9101 §10.8)', async () => {
    for (const typ of [undefined, 'JWT', 'oauth-authz-req+jwt', 'application/OAuth-Authz-Req+JWT']) {
      const answer = await new Browser(server).authorize({ client_id: 'web', request: await sign({}, { typ }) });
      expect([typ, answer.headers.get('location')]).toEqual([typ, expect.stringMatching('/signin?')]);
    }
    const typed = (typ?: string) => sign({ client_id: 'typed' }, { typ });
    const browser = new Browser(server);
    expect(toClient(await browser.authorize({ client_id: 'typed', request: await typed() })).error).toBe(
      'invalid_request_object',
    );
    const good = await browser.authorize({ client_id: 'typed', request: await typed('oauth-authz-req+jwt') });
    expect(good.headers.get('location')).toMatch('/signin?');
  });

  it.each(['at+jwt', 'client-authentication+jwt', 'dpop+jwt', 'logout+jwt', 7])(
    'of the typ %s is none (RFC 8725 §3.11)',
    async (typ) => {
      const answer = await new Browser(server).authorize({ client_id: 'web', request: await sign({}, { typ }) });
      expect(toClient(answer)).toMatchObject({ error: 'invalid_request_object', state: 'inside', iss: issuer });
    },
  );

  it('is signed with any key of the client, or with the one algorithm that is agreed on (OpenID Connect Registration §2)', async () => {
    const send = async (client_id: string, by: RequestSigner) =>
      new Browser(server).authorize({ client_id, request: await sign({ client_id }, {}, by) });
    for (const by of [signer, rsa]) expect((await send('both', by)).headers.get('location')).toMatch('/signin?');
    expect((await send('pinned', rsa)).headers.get('location')).toMatch('/signin?');
    expect(toClient(await send('pinned', signer)).error).toBe('invalid_request_object');
  });

  it.each(['EdDSA', 'Ed25519'] as const)(
    'may call its algorithm %s, which has two names (RFC 9864 §2.2)',
    async (name) => {
      for (const client_id of ['key', 'pinned', 'named'].map((what) => `${name} ${what}`)) {
        for (const alg of ['EdDSA', 'Ed25519']) {
          const request = await sign({ client_id }, { alg }, edwards[name]);
          const answer = await new Browser(server).authorize({ client_id, request });
          expect(answer.headers.get('location')).toMatch('/signin?');
        }
      }
    },
  );

  it('counts once where it has a jti, and as often as it is sent where it has none (RFC 9101 §10.2)', async () => {
    const now = server.clock.now();
    const [once, often] = [await sign({ jti: 'a', exp: now + 60 }), await sign({ exp: now + 60 })];
    const send = (object: string, client_id = 'web') => new Browser(server).authorize({ client_id, request: object });
    expect((await send(once)).headers.get('location')).toMatch('/signin?');
    expect(toClient(await send(once))).toMatchObject({ error: 'invalid_request_object', state: 'inside' });
    for (const answer of [await send(often), await send(often)]) {
      expect(answer.headers.get('location')).toMatch('/signin?');
    }
    // The jti of one client is not that of another.
    const other = await sign({ jti: 'a', exp: now + 60, client_id: 'both' });
    expect((await send(other, 'both')).headers.get('location')).toMatch('/signin?');
  });

  it('is remembered until its end, also where a node whose clock is ahead tidies up (RFC 9101 §10.2)', async () => {
    const exp = server.clock.now() + 60;
    const object = await sign({ jti: 'kept', exp });
    const send = () => new Browser(server).authorize({ client_id: 'web', request: object });
    expect((await send()).headers.get('location')).toMatch('/signin?');
    server.clock.advance(59);
    await server.app.get(UsedIdStore).removeExpired(exp + 59, 1000);
    expect(toClient(await send()).error_description).toMatch('jti');
  });

  it('must say for whom and when it is where the client says so (FAPI 2.0 Message Signing §5.3.1)', async () => {
    const now = server.clock.now();
    const send = async (claims: JWTPayload) =>
      new Browser(server).authorize({ client_id: 'bounded', request: await sign({ client_id: 'bounded', ...claims }) });
    expect((await send({ nbf: now, exp: now + 60 })).headers.get('location')).toMatch('/signin?');
    for (const claims of [{ exp: now + 60 }, { nbf: now }, { nbf: now, exp: now + 60, aud: undefined }]) {
      expect(toClient(await send(claims)).error).toBe('invalid_request_object');
    }
  });

  it('is the only way where the client has to sign (RFC 9101 §10.5)', async () => {
    const plain = await new Browser(server).authorize({ client_id: 'signing', ...request });
    expect(toClient(plain)).toMatchObject({ error: 'invalid_request', state: 'inside' });
    const signed = await new Browser(server).authorize({
      client_id: 'signing',
      request: await sign({ client_id: 'signing' }),
    });
    expect(signed.headers.get('location')).toMatch('/signin?');
  });

  it('of a client that has no keys is refused as something it cannot use (OpenID Connect Core §3.1.2.6)', async () => {
    const answer = await new Browser(server).authorize({
      client_id: 'plain',
      request: await sign({ client_id: 'plain' }),
    });
    expect(toClient(answer)).toMatchObject({ error: 'request_not_supported', state: 'inside' });
  });

  it('and request_uri exclude one another (RFC 9101 §5)', async () => {
    const both = { client_id: 'web', request: await sign(), request_uri: `${base}/object` };
    expect(toClient(await new Browser(server).authorize(both))).toMatchObject({ error: 'invalid_request' });
  });

  it('that is refused says by its state and response_mode how that is told', async () => {
    const object = await sign({ response_mode: 'fragment', exp: 1 });
    const answer = await new Browser(server).authorize({ client_id: 'web', request: object });
    expect(answer.headers.get('location')).toMatch(`${redirectUri}#error=invalid_request_object`);
    expect(toClient(answer)).toMatchObject({ state: 'inside', iss: issuer });
  });

  it('that is good but asks for what is not allowed says so, too', async () => {
    const object = await sign({ response_mode: 'fragment', scope: 'nonsense' });
    const answer = await new Browser(server).authorize({ client_id: 'web', request: object, state: 'outside' });
    expect(answer.headers.get('location')).toMatch(`${redirectUri}#error=invalid_scope`);
    expect(toClient(answer).state).toBe('inside');
  });

  it('that is encrypted is refused in clear words', async () => {
    const answer = await new Browser(server).authorize({ client_id: 'web', request: 'a.b.c.d.e', ...request });
    expect(toClient(answer)).toMatchObject({
      error: 'invalid_request_object',
      error_description: expect.stringMatching('signed'),
    });
  });
});

describe('A request object by reference', () => {
  const send = (request_uri: string, more: Record<string, string> = {}, client_id = 'web') =>
    new Browser(server).authorize({ client_id, request_uri, ...more });

  it('is fetched from an address that the client has registered (RFC 9101 §5.2)', async () => {
    kept.set('/object', `${await sign()}\n`);
    expect((await send(`${base}/object`)).headers.get('location')).toMatch('/signin?');
  });

  it('is that which its fragment is the SHA-256 of (OpenID Connect Core §6.2)', async () => {
    const object = await sign();
    kept.set('/object', object);
    const hash = createHash('sha256').update(object).digest('base64url');
    expect((await send(`${base}/object#${hash}`)).headers.get('location')).toMatch('/signin?');
    kept.set('/object', await sign({ scope: 'openid api1' }));
    expect(toClient(await send(`${base}/object#${hash}`, request)).error).toBe('invalid_request_uri');
  });

  it.each<[string, (base: string) => string]>([
    ['is not registered', (at) => `${at}/other`],
    ['has something added', (at) => `${at}/object?x=1`],
    ['leads to nothing', (at) => `${at}/missing`],
    ['is no address', () => 'object'],
    ['is a file', () => 'file:///etc/passwd'],
    ['is a URN of others', () => 'urn:example:object'],
  ])('is refused where request_uri %s (RFC 9101 §7)', async (_what, address) => {
    kept.set('/other', await sign());
    expect(toClient(await send(address(base), request))).toMatchObject({
      error: 'invalid_request_uri',
      state: 'inside',
    });
    const page = await send(address(base));
    expect([page.status, page.body.code]).toEqual([400, 'invalid_request_uri']);
  });

  it('is refused to a client that has registered none (OpenID Connect Core §3.1.2.6)', async () => {
    expect(toClient(await send(`${base}/object`, request, 'plain')).error).toBe('request_uri_not_supported');
  });

  it('is held to the same rules as one by value', async () => {
    kept.set('/object', await sign({ client_id: 'both' }));
    expect(toClient(await send(`${base}/object`, request)).error).toBe('invalid_request_object');
  });

  it('is no longer than one by value may be', async () => {
    kept.set('/object', await sign({ padding: 'x'.repeat(20_000) }));
    expect(toClient(await send(`${base}/object`, request)).error_description).toMatch('longer than 16384');
  });

  it('is fetched from one host 60 times in a minute at the most: nobody is flooded through this server (RFC 9101 §10.4)', async () => {
    kept.set('/object', await sign());
    server.clock.advance(60);
    fetched = 0;
    const answers = await Promise.all(Array.from({ length: 65 }, () => send(`${base}/object`, request)));
    expect(fetched).toBe(60);
    const refused = answers.map((answer) => toClient(answer).error).filter((error) => error !== undefined);
    expect(refused).toEqual(Array(5).fill('invalid_request_uri'));
    server.clock.advance(60);
    expect((await send(`${base}/object`)).headers.get('location')).toMatch('/signin?');
  });

  it.each([201, 203, 302])('is taken from the answer 200 and from no other: %d', async (other) => {
    kept.set('/object', await sign());
    status = other;
    const answer = await send(`${base}/object`, request);
    status = 200;
    expect(toClient(answer).error).toBe('invalid_request_uri');
  });
});

describe('Discovery', () => {
  it('says what clients can sign their requests with (OpenID Connect Discovery §3)', async () => {
    const metadata = (await server.send('.well-known/openid-configuration')).body;
    expect(metadata).toMatchObject({
      request_parameter_supported: true,
      request_uri_parameter_supported: true,
      require_request_uri_registration: true,
      request_object_signing_alg_values_supported: expect.arrayContaining(['ES256', 'PS256']),
    });
    expect(metadata.request_object_signing_alg_values_supported).not.toContain('none');
    expect(metadata).not.toHaveProperty('require_signed_request_object');
  });

  it('says that requests must be signed where every client has to (RFC 9101 §10.5), and nothing where none can', async () => {
    const { jwks } = signer;
    const all = client('signing', { ...web, jwks, requireRequestObject: true, requestObjectSigningAlg: 'ES256' });
    const of = async (clients: (typeof all)[]) =>
      (await (await run({ clients, imports: [PlainPagesModule] })).send('.well-known/openid-configuration')).body;
    expect(await of([all, client('machine')])).toMatchObject({
      require_signed_request_object: true,
      request_uri_parameter_supported: false,
      request_object_signing_alg_values_supported: ['ES256'],
    });
    const none = await of([client('plain', web)]);
    // RFC 8414 §2: request_parameter_supported is false where it is left out, and the other true.
    expect(none.request_uri_parameter_supported).toBe(false);
    for (const name of ['request_parameter_supported', 'request_object_signing_alg_values_supported']) {
      expect(none).not.toHaveProperty(name);
    }
  });
});
