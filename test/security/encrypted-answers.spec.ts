import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ClientInit } from '@tessera/token-server';
import { base64url, CompactEncrypt, compactDecrypt, type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import * as oauth from 'oauth4webapi';
import { PlainBrowser } from '../plain-browser.js';
import { basic, bearer, type RunningServer } from '../running-server.js';
import {
  authorizeAddress,
  type Difference,
  redirectUri,
  signedIn,
  startForPeople,
  webClient,
} from './people.fixture.js';

const wanted = {
  authorizationEncryptedResponseAlg: 'RSA-OAEP-256',
  idTokenEncryptedResponseAlg: 'RSA-OAEP-256',
} as const;
let server: RunningServer;
let browser: PlainBrowser;
let keys: Awaited<ReturnType<typeof generateKeyPair>>;
let as: oauth.AuthorizationServer;

beforeAll(async () => {
  keys = await generateKeyPair('RSA-OAEP-256', { extractable: true });
  const jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'web' }] };
  const clients = [
    webClient('web', { requireSignedAuthorizationResponse: true }),
    webClient('sealed', { ...wanted, jwks }),
    // Nobody listens there: its keys cannot be had.
    webClient('lost', { ...wanted, jwksUri: 'https://127.0.0.1:9/keys' }),
  ];
  server = await startForPeople(clients, { logger: false });
  browser = await signedIn(server);
  const issuer = new URL(server.url);
  const options = { [oauth.customFetch]: server.fetch };
  as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options));
});
afterAll(() => server.close());

const ask = (difference: Difference) => browser.open(authorizeAddress(difference));

/** What the client library makes of an answer. @throws where it is an error, or nothing that this server signed for the client */
function validated(url: URL, clientId = 'web', issuer = as): Promise<URLSearchParams> {
  const decrypt = async (jwe: string) =>
    new TextDecoder().decode((await compactDecrypt(jwe, keys.privateKey)).plaintext);
  const options = { [oauth.customFetch]: server.fetch, [oauth.jweDecrypt]: decrypt };
  return oauth.validateJwtAuthResponse(issuer, { client_id: clientId }, url, 'a state', options);
}

/** A few KB on the way, eight megabytes in the memory of whoever inflates them. */
async function bomb(): Promise<string> {
  const header = { alg: 'RSA-OAEP-256', enc: 'A128GCM', cty: 'JWT' };
  const bytes = deflateRawSync(Buffer.alloc(8_000_000, 'a'), { level: 9 });
  const jwe = await new CompactEncrypt(bytes).setProtectedHeader(header).encrypt(keys.publicKey);
  return [base64url.encode(JSON.stringify({ ...header, zip: 'DEF' })), ...jwe.split('.').slice(1)].join('.');
}

describe('A JWE bomb (RFC 8725 §3.6, RFC 7516 §4.1.3: zip)', () => {
  test.each([
    ['introspection', 200, (token: string) => server.form('connect/introspect', { token }, basic('api1'))],
    ['revocation', 200, (token: string) => server.form('connect/revocation', { token }, basic('web'))],
    ['userinfo', 401, (token: string) => server.send('connect/userinfo', { headers: bearer(token) })],
  ] as const)('is a token that %s does not know: nothing is opened, nothing inflated', async (_name, status, send) => {
    const answer = await send(await bomb());
    expect(answer.status).toBe(status);
    expect(answer.body.active ?? false).toBe(false);
  });

  test('is refused where it stands for an id_token_hint or a request object', async () => {
    for (const name of ['id_token_hint', 'request']) {
      const { url } = await ask({ [name]: await bomb(), response_mode: 'jwt' });
      expect([...url.searchParams.keys()]).toEqual(['response']);
      await expect(validated(url)).rejects.toBeInstanceOf(oauth.AuthorizationResponseError);
    }
  });
});

describe('A configuration that could not keep what it promises does not start', () => {
  const start = (difference: Partial<ClientInit>) => startForPeople([webClient('web', difference)], { logger: false });

  test('RSA1_5 is not for encryption (RFC 8725 §3.2)', async () => {
    const jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'web' }] };
    await expect(start({ jwks, idTokenEncryptedResponseAlg: 'RSA1_5' as 'RSA-OAEP' })).rejects.toThrow(
      /idTokenEncryptedResponseAlg.*RSA-OAEP/,
    );
  });

  test('a key that does not fit is found at once, and not when the first answer would go out', async () => {
    const curve = await generateKeyPair('ECDH-ES', { extractable: true });
    const jwks = { keys: [await exportJWK(curve.publicKey)] };
    await expect(start({ ...wanted, jwks })).rejects.toThrow(
      /needs a public key of the client that is for RSA-OAEP-256/,
    );
    await expect(start(wanted)).rejects.toThrow(/needs a public key of the client/);
    const jwksWithPrivate = { keys: [await exportJWK(curve.privateKey)] };
    await expect(start({ jwks: jwksWithPrivate })).rejects.toThrow(/public keys only/);
  });
});

describe('An answer that somebody else made', () => {
  const forged = async (issuer: string, key: CryptoKey) => {
    const url = new URL(redirectUri);
    const claims = { code: 'of-the-attacker', state: 'a state' };
    const jwt = new SignJWT(claims).setIssuer(issuer).setAudience('web').setExpirationTime('1 minute');
    const { keys: published } = (await server.send('.well-known/openid-configuration/jwks')).body as {
      keys: { kid: string }[];
    };
    url.searchParams.set('response', await jwt.setProtectedHeader({ alg: 'RS256', kid: published[0]!.kid }).sign(key));
    return url;
  };

  test('is refused by the client library: of another issuer, and with another key in our name (JARM §2.4)', async () => {
    const { privateKey } = await generateKeyPair('RS256');
    await expect(validated(await forged('https://evil.example.com', privateKey))).rejects.toThrow(/"iss"/);
    await expect(validated(await forged(server.url, privateKey))).rejects.toThrow(/signature/i);
  });

  test('is refused where it is ours and for another client', async () => {
    const { url } = await ask({ client_id: 'sealed', response_mode: 'jwt' });
    await expect(validated(url, 'web')).rejects.toThrow(/"aud"/);
    expect((await validated(url, 'sealed')).get('code')).toMatch(/^[\w-]{43}$/);
  });

  test('cannot be had unsigned by changing the response_mode in the address (JARM §2.3)', async () => {
    for (const response_mode of [undefined, 'query', 'fragment', 'form_post']) {
      const { url, html } = await ask({ response_mode });
      expect(`${url.href}${html}`).not.toMatch(/[?#&]code=|name="code"/);
    }
    const { url } = await ask({ response_mode: 'query' });
    await expect(validated(url)).rejects.toMatchObject({ error: 'invalid_request' });
  });
});

describe('A refusal in a JWT tells nothing outside of it (JARM §2.1)', () => {
  const refusals = [
    { scope: 'openid unheard_of' },
    { prompt: 'none', max_age: '0' },
    { code_challenge: undefined },
    { response_type: 'token', response_mode: 'query.jwt' },
    { claims: 'not json' },
  ];

  test.each(refusals)('%j', async (difference) => {
    for (const client_id of ['web', 'sealed']) {
      const { url } = await ask({ client_id, response_mode: 'jwt', ...difference });
      const sent = [...url.searchParams, ...new URLSearchParams(url.hash.slice(1))];
      expect(sent.map(([name]) => name)).toEqual(['response']);
    }
  });

  test('nor does the encrypted one to those who have not the key', async () => {
    const { url } = await ask({ client_id: 'sealed', response_mode: 'jwt', scope: 'unheard_of' });
    const readable = url.searchParams
      .get('response')!
      .split('.')
      .map((part) => base64url.decode(part));
    expect(readable.map((bytes) => new TextDecoder().decode(bytes)).join('')).not.toMatch(
      /a state|invalid_scope|error/,
    );
    await expect(validated(url, 'sealed')).rejects.toMatchObject({ error: 'invalid_scope' });
  });

  test('where the client has no key to be had, the person sees a page, and the client nothing', async () => {
    for (const difference of [{}, { scope: 'unheard_of' }]) {
      const shown = await ask({ client_id: 'lost', response_mode: 'jwt', ...difference });
      expect([shown.url.origin, shown.status]).toEqual([server.url, 500]);
      expect(shown.html).not.toMatch(/a state|unheard_of|code=/);
    }
  });
});

test('A signed answer passes for no token (RFC 8725 §3.11)', async () => {
  const { url } = await ask({ response_mode: 'jwt' });
  const jwt = url.searchParams.get('response')!;
  expect((await server.form('connect/introspect', { token: jwt }, basic('web'))).body).toEqual({ active: false });
  expect((await server.send('connect/userinfo', { headers: bearer(jwt) })).status).toBe(401);
});
