import { createPublicKey, type KeyObject } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { exportJWK, generateKeyPair, type CryptoKey, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { Client, faultsOf } from '@tessera/resource-model';
import { developmentTls } from '../development-tls.js';
import { PlainBrowser, type Shown } from '../plain-browser.js';
import { basic, type RunningServer } from '../running-server.js';
import {
  answerOf,
  authorizeParameters,
  type Difference,
  redeem,
  signedIn,
  startForPeople,
  webClient,
} from './people.fixture.js';

/** A key pair of a client. */
interface Keys {
  readonly jwk: { readonly kty: string; readonly [member: string]: unknown };
  readonly privateKey: CryptoKey;
}

const second = 'https://app.example.com/second';
let mine: Keys;
let theirs: Keys;
let server: RunningServer;
let inside: { readonly port: number; readonly ca: string; hits: number; close(): void };

async function keysOf(kid: string): Promise<Keys> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  return { jwk: { ...(await exportJWK(publicKey)), kty: 'EC', kid }, privateKey };
}

/** Something in the network of the server that nobody outside should reach: it says yes to whatever comes. */
async function listenInside(answer: () => string): Promise<typeof inside> {
  const { cert, key, ca } = await developmentTls();
  const listener = https.createServer({ cert, key }, (_request, response) => {
    found.hits++;
    response.end(answer());
  });
  const found = { port: 0, ca, hits: 0, close: () => void listener.close() };
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  listener.unref();
  return Object.assign(found, { port: (listener.address() as AddressInfo).port });
}

let good = '';

/** Names of addresses inside, as a client may register them. */
const hosts = (port: number) => [
  `127.0.0.1:${port}`,
  `localhost:${port}`,
  `0x7f000001:${port}`,
  `[::1]:${port}`,
  `[::ffff:127.0.0.1]:${port}`,
  `[::ffff:7f00:1]:${port}`,
  `[64:ff9b::7f00:1]:${port}`,
  '169.254.169.254',
  '[fe80::1]',
  '10.0.0.1',
  '0.0.0.0',
];

/** Ways to write 127.0.0.1 that cannot even be registered. */
const oddHosts = ['2130706433', '0177.0.0.1', '127.1'];

beforeAll(async () => {
  [mine, theirs] = await Promise.all([keysOf('mine'), keysOf('theirs')]);
  inside = await listenInside(() => good);
  const references = hosts(inside.port).map((host) => `https://${host}/object`);
  server = await startForPeople(
    [
      webClient('web', {
        jwks: { keys: [mine.jwk] },
        redirectUris: ['https://app.example.com/callback', second],
        requestUris: references,
      }),
      webClient('other', { jwks: { keys: [theirs.jwk] } }),
      webClient('plain'),
    ],
    { options: { outgoing: { certificateAuthorities: [inside.ca] } } },
  );
  good = await sign();
});
afterAll(async () => {
  inside.close();
  await server.close();
});

/** A request object of `web`, and whatever differs. */
function sign(claims: JWTPayload = {}, { privateKey, jwk } = mine, header: object = {}): Promise<string> {
  return new SignJWT({ ...authorizeParameters(), iss: 'web', aud: server.url, ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: jwk.kid as string, typ: 'oauth-authz-req+jwt', ...header })
    .sign(privateKey);
}

const send = (parameters: Record<string, string>, browser = new PlainBrowser(server)): Promise<Shown> =>
  browser.open(`/connect/authorize?${new URLSearchParams(parameters).toString()}`);
const sendObject = (request: string, more: Record<string, string> = {}) => send({ client_id: 'web', request, ...more });

async function push(difference: Difference = {}, as = 'web'): Promise<{ client_id: string; request_uri: string }> {
  const answer = await server.form('connect/par', authorizeParameters({ client_id: as, ...difference }), basic(as));
  expect(answer.status).toBe(201);
  return { client_id: as, request_uri: answer.body.request_uri };
}

describe('A request object', () => {
  test.each<[string, () => Promise<string>]>([
    ['of another client', () => sign({ client_id: 'other', iss: 'other' }, theirs)],
    ['of another client that says it is this one’s', () => sign({}, theirs)],
    ['of another client under the name of this one’s key', () => sign({}, theirs, { kid: 'mine' })],
    ['that brings its own key along', () => sign({}, theirs, { kid: undefined, jwk: theirs.jwk })],
    ['that says where its key is', () => sign({}, theirs, { kid: undefined, jku: 'https://evil.example/jwks' })],
    ['without a signature (alg none)', async () => new UnsecuredJWT({ ...authorizeParameters(), aud: server.url }).encode()],
    ['with its signature cut off', async () => `${good.split('.').slice(0, 2).join('.')}.`],
    ['signed with the public key as if that were a secret (HS256)', () => signedWithPublicKey(mine)],
    ['whose payload was exchanged', async () => exchanged(good, { scope: 'openid profile api1' })],
    ['for another server', () => sign({ aud: 'https://other.example' })],
    ['that has expired', () => sign({ exp: now() - 1 })],
    ['that is a client assertion (RFC 9101 §10.8)', () => sign({ sub: 'web', jti: 'x', exp: now() + 60 })],
    ['of the type of a client assertion', () => sign({}, mine, { typ: 'client-authentication+jwt' })],
    ['that demands what nobody understands (RFC 7515 §4.1.11)', () => sign({}, mine, { crit: ['b64'], b64: true })],
    ['that leads to another', () => sign({ request_uri: 'https://evil.example/object' })],
    ['that holds another', () => sign({ request: good })],
  ])('%s is refused', async (_what, create) => {
    const shown = await sendObject(await create());
    expect(answerOf(shown)).toMatchObject({ error: 'invalid_request_object', state: 'a state', iss: server.url });
    const pushed = await server.form('connect/par', { client_id: 'web', request: await create() }, basic('web'));
    expect([pushed.status, pushed.body.error]).toEqual([400, 'invalid_request_object']);
  }); // prettier-ignore

  test('is used once, if it can be told from others (jti)', async () => {
    const object = await sign({ jti: 'once', exp: now() + 60 });
    const shown = await Promise.all(Array.from({ length: 8 }, () => sendObject(object)));
    expect(shown.filter(({ url }) => url.pathname === '/signin')).toHaveLength(1);
    expect(shown.filter((one) => answerOf(one).error === 'invalid_request_object')).toHaveLength(7);
  });

  test('that is huge is refused before anything is computed with it', async () => {
    const huge = await sign({ scope: 'x'.repeat(20_000) });
    const form = { client_id: 'web', request: huge };
    const pushed = await server.form('connect/par', form, basic('web'));
    expect([pushed.status, pushed.body.error]).toEqual([400, 'invalid_request']);
    const more = await server.form('connect/par', { ...form, more: 'x'.repeat(60_000) }, basic('web'));
    expect(more.status).toBe(413);
  });

  test('is not overridden by anything that stands beside it', async () => {
    const browser = await signedIn(server);
    const beside = {
      scope: 'openid profile api1 offline_access',
      redirect_uri: second,
      state: 'of the attacker',
      nonce: 'of the attacker',
      prompt: 'login',
      response_mode: 'fragment',
      code_challenge: 'x'.repeat(43),
    };
    const shown = await send({ client_id: 'web', request: good, ...beside }, browser);
    expect(shown.url.pathname).toBe('/callback');
    expect(shown.url.search).toContain('code=');
    expect(answerOf(shown).state).toBe('a state');
    const tokens = (await redeem(server, answerOf(shown).code)).body;
    expect(tokens.scope).toBe('openid profile');
    expect(JSON.parse(Buffer.from(tokens.id_token.split('.')[1], 'base64url').toString())).not.toHaveProperty('nonce');
  });

  test('is not completed by what stands beside it: half signed is not signed', async () => {
    const half = await sign({ redirect_uri: undefined, scope: undefined });
    const shown = await sendObject(half, { redirect_uri: second, scope: 'openid' });
    expect([shown.url.origin, shown.status]).toEqual([server.url, 400]);
    const noChallenge = await sendObject(await sign({ code_challenge: undefined }), authorizeParameters());
    expect(answerOf(noChallenge).error).toBe('invalid_request');
  });

  test('sends nobody to an address that is not registered, good or bad', async () => {
    for (const object of [
      await sign({ redirect_uri: 'https://evil.example' }),
      new UnsecuredJWT({ redirect_uri: 'https://evil.example' }).encode(),
    ]) {
      const shown = await sendObject(object);
      expect([shown.url.origin, shown.status]).toEqual([server.url, 400]);
    }
  });
});

describe('The request_uri of a pushed request', () => {
  test('brings no second code, to whoever comes with it', async () => {
    const uri = await push();
    expect(answerOf(await send(uri, await signedIn(server))).code).toBeDefined();
    for (const browser of [await signedIn(server), await signedIn(server, 'bob'), new PlainBrowser(server)]) {
      const shown = await send(uri, browser);
      expect([shown.url.origin, shown.status]).toEqual([server.url, 400]);
      expect(shown.text).not.toContain('code=');
    }
  });

  test('brings one code to two people who came with it at once', async () => {
    const uri = await push();
    const browsers = await Promise.all([signedIn(server), signedIn(server, 'bob')]);
    const shown = await Promise.all(browsers.flatMap((browser) => [send(uri, browser), send(uri, browser)]));
    expect(shown.filter((one) => answerOf(one).code !== undefined)).toHaveLength(1);
  });

  test('of another client opens nothing, is not used up by the try, and looks like one that does not exist', async () => {
    const uri = await push();
    const stolen = await send({ ...uri, client_id: 'other' });
    const unknown = await send({ client_id: 'other', request_uri: `${uri.request_uri.slice(0, -1)}_` });
    for (const shown of [stolen, unknown]) expect([shown.url.origin, shown.status]).toEqual([server.url, 400]);
    const plain = (shown: Shown) => shown.text.replace(/req-\w+/, '');
    expect(plain(stolen)).toBe(plain(unknown));
    expect(answerOf(await send(uri, await signedIn(server))).code).toBeDefined();
  });

  test('is neither used up nor found out about through prompt=none in a hidden frame', async () => {
    const uri = await push();
    const probe = { prompt: 'none', redirect_uri: second, response_mode: 'fragment', state: 'of the attacker' };
    const shown = await send({ ...uri, ...probe });
    expect(shown.url.pathname).toBe('/signin');
    const silent = await push({ prompt: 'none' });
    expect(answerOf(await send(silent))).toMatchObject({ error: 'login_required', state: 'a state' });
    for (const one of [uri, silent]) expect(answerOf(await send(one, await signedIn(server))).code).toBeDefined();
  });

  test('is no way around the client: another one cannot push for it', async () => {
    const parameters = authorizeParameters({ client_id: 'web' });
    const answer = await server.form('connect/par', parameters, basic('plain'));
    expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request']);
    const signed = { client_id: 'other', request: good };
    expect((await server.form('connect/par', signed, basic('other'))).body.error).toBe('invalid_request_object');
  });
});

describe('Through a request_uri that leads into the network of the server', () => {
  test('nothing is fetched, under none of the names that an address has', async () => {
    for (const host of hosts(inside.port)) {
      const shown = await send({ client_id: 'web', request_uri: `https://${host}/object` });
      expect([host, shown.url.origin, shown.status]).toEqual([host, server.url, 400]);
      // Whether there is something behind it is not told either.
      expect(shown.text).not.toMatch(/private|special|refused|ECONN|127\.|certificate/);
    }
    expect(inside.hits).toBe(0);
  });

  test.each([
    'http://app.example.com/object',
    'file:///etc/passwd',
    'ftp://app.example.com/object',
    'data:text/plain,x',
    'urn:x',
  ])('nothing is fetched either from %s, which nobody registered', async (address) => {
    const shown = await send({ client_id: 'web', request_uri: address });
    expect([shown.url.origin, shown.status]).toEqual([server.url, 400]);
  });

  test.each(oddHosts)('nothing is fetched from https://%s, which cannot even be registered', async (host) => {
    const address = `https://${host}:${inside.port}/object`;
    expect(faultsOf(new Client(webClient('web', { requestUris: [address] })), 'client')).toHaveLength(1);
    expect((await send({ client_id: 'web', request_uri: address })).status).toBe(400);
  });

  test('no redirect is followed', async () => {
    const redirecting = http.createServer((_request, response) =>
      response.writeHead(302, { location: `https://127.0.0.1:${inside.port}/object` }).end(),
    );
    await new Promise<void>((resolve) => redirecting.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(redirecting.address() as AddressInfo).port}/object`;
    const straight = `https://127.0.0.1:${inside.port}/object`;
    const outgoing = { allowHttp: true, allowPrivateAddresses: true, certificateAuthorities: [inside.ca] };
    const lenient = await startForPeople(
      [webClient('web', { jwks: { keys: [mine.jwk] }, requestUris: [address, straight] })],
      { options: { outgoing } },
    );
    good = await sign({ aud: lenient.url });
    const ask = (to: string) => lenient.send(`connect/authorize?client_id=web&request_uri=${encodeURIComponent(to)}`);
    expect((await ask(address)).status).toBe(400);
    expect(inside.hits).toBe(0);
    // It could have been reached: where the server is told that it may, it is.
    expect((await ask(straight)).status).toBe(303);
    expect(inside.hits).toBe(1);
    redirecting.close();
    await lenient.close();
  });
});

function now(): number {
  return Math.floor(Date.now() / 1000);
}

/** RFC 8725 §2.1: whoever takes the algorithm from the token would take the public key for a shared secret. */
function signedWithPublicKey({ jwk }: Keys): Promise<string> {
  const key: KeyObject = createPublicKey({ key: jwk, format: 'jwk' });
  const secret = new TextEncoder().encode(key.export({ type: 'spki', format: 'pem' }) as string);
  return new SignJWT({ ...authorizeParameters(), aud: server.url })
    .setProtectedHeader({ alg: 'HS256', kid: jwk.kid as string, typ: 'oauth-authz-req+jwt' })
    .sign(secret);
}

function exchanged(jwt: string, claims: object): string {
  const [header, payload, signature] = jwt.split('.') as [string, string, string];
  const all = { ...(JSON.parse(Buffer.from(payload, 'base64url').toString()) as object), ...claims };
  return [header, Buffer.from(JSON.stringify(all)).toString('base64url'), signature].join('.');
}
