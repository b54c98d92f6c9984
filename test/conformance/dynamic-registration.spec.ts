import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AccountsModule } from '@tessera/accounts';
import { PagesModule } from '@tessera/pages';
import { IdentityResources, KeyRing, User } from '@tessera/token-server';
import {
  createLocalJWKSet,
  type CryptoKey,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  jwtVerify,
  type JWTPayload,
  SignJWT,
} from 'jose';
import { DocumentHost } from '../document-host.js';
import { PlainBrowser, type Shown } from '../plain-browser.js';
import type { Answer } from '../requests.js';
import { bearer, type RunningServer, startServer } from '../running-server.js';
import { callback, quickHash } from './provider.js';

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
type Metadata = Readonly<Record<string, unknown>>;

interface Key {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly jwk: object;
}

async function newKey(kid: string): Promise<Key> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256' } };
}

// In this plan the suite registers a client for each module, which authenticates by private_key_jwt.
describe('Dynamic OP (oidcc-dynamic-certification-test-plan), of clients that register themselves', () => {
  let host: DocumentHost;
  let server: RunningServer;
  let metadata: Record<string, string & string[]>;
  let first: Key;
  let second: Key;
  /** One person at one browser: a sign-in costs more than all the rest. */
  let alice: PlainBrowser;

  beforeAll(async () => {
    [host, first, second] = await Promise.all([DocumentHost.start(), newKey('first'), newKey('second')]);
    server = await startServer({
      tls: true,
      options: {
        imports: [AccountsModule, PagesModule],
        identityResources: [IdentityResources.openId(), IdentityResources.profile()],
        apiResources: [],
        clients: [],
        users: [new User({ subject: '1', username: 'alice', passwordHash: quickHash })],
        outgoing: { certificateAuthorities: [host.ca], allowPrivateAddresses: true },
        registration: {
          mode: 'open',
          registrationsPerHour: 1000,
          policy: { grantTypes: ['authorization_code', 'refresh_token'], requirePkce: false },
        },
      },
    });
    metadata = (await server.send('.well-known/openid-configuration')).body;
    alice = new PlainBrowser(server);
  });
  afterAll(async () => {
    await server.close();
    await host.close();
  });

  const post = (body: Metadata): Promise<Answer> =>
    server.send(new URL(metadata.registration_endpoint!).pathname.slice(1), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        redirect_uris: [callback],
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [first.jwk] },
        ...body,
      }),
    });
  const register = async (body: Metadata = {}): Promise<Metadata & { client_id: string }> => {
    const answer = await post(body);
    expect([answer.status, answer.body.error_description]).toEqual([201, undefined]);
    return answer.body;
  };

  const sign = (claims: JWTPayload, { kid, privateKey }: Key, typ?: string) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid, typ })
      .setIssuedAt()
      .setExpirationTime('1m')
      .sign(privateKey);
  const token = async (clientId: string, form: Record<string, string>, key = first): Promise<Answer> => {
    const assertion = await sign(
      { iss: clientId, sub: clientId, aud: metadata.issuer!, jti: crypto.randomUUID() },
      key,
    );
    return server.form('connect/token', { ...form, client_assertion_type: assertionType, client_assertion: assertion });
  };
  const open = (client_id: string, changes: Record<string, string> = {}): Promise<Shown> => {
    const url = new URL(metadata.authorization_endpoint!);
    const request = {
      client_id,
      redirect_uri: callback,
      response_type: 'code',
      scope: 'openid',
      state: 's',
      nonce: 'n',
    };
    url.search = new URLSearchParams({ ...request, ...changes }).toString();
    return alice.open(url, {}, 'cross');
  };
  /** From the page that is shown to the client, by way of sign-in and consent. */
  const goOn = async (page: Shown): Promise<URLSearchParams> => {
    const next = page.url.pathname === '/signin' ? await alice.signIn(page) : page;
    const last = next.url.pathname === '/consent' ? await alice.submit(next, { decision: 'allow' }) : next;
    expect(last.url.href.startsWith(callback)).toBe(true);
    return last.url.searchParams;
  };
  const complete = async (clientId: string, changes?: Record<string, string>, key = first): Promise<Answer['body']> => {
    const code = (await goOn(await open(clientId, changes))).get('code')!;
    const answer = await token(clientId, { grant_type: 'authorization_code', code, redirect_uri: callback }, key);
    expect([answer.status, answer.body.error_description]).toEqual([200, undefined]);
    return answer.body;
  };

  test('discovery says where clients register, and what they may register (Discovery §3; oidcc-discovery-endpoint-verification)', () => {
    expect(metadata).toMatchObject({
      registration_endpoint: `${metadata.issuer}/connect/register`,
      token_endpoint_auth_methods_supported: expect.arrayContaining(['private_key_jwt']),
      id_token_signing_alg_values_supported: ['RS256'],
      response_types_supported: expect.arrayContaining(['code']),
    });
    expect(metadata.id_token_signing_alg_values_supported).not.toContain('none');
  });

  test('a client with its keys in jwks comes through to its id_token (Registration §3.2; oidcc-server)', async () => {
    const client = await register({ id_token_signed_response_alg: 'RS256' });
    expect(client).toMatchObject({ redirect_uris: [callback], id_token_signed_response_alg: 'RS256' });
    expect(client).not.toHaveProperty('client_secret');
    const { id_token: idToken } = await complete(client.client_id);
    expect(decodeJwt(idToken as string)).toMatchObject({
      iss: metadata.issuer,
      aud: client.client_id,
      sub: '1',
      nonce: 'n',
    });
  });

  test('the issuer is an audience that an assertion may name (RFC 7523 §3; oidcc-ensure-client-assertion-with-iss-aud-succeeds)', async () => {
    const { client_id: clientId } = await register();
    const code = (await goOn(await open(clientId))).get('code')!;
    const form = { grant_type: 'authorization_code', code, redirect_uri: callback };
    expect((await token(clientId, form)).status).toBe(200);
  });

  test('id_tokens are signed by the algorithm that was registered (Registration §2; oidcc-idtoken-rs256)', async () => {
    const { client_id: clientId } = await register({ id_token_signed_response_alg: 'RS256' });
    const { id_token: idToken } = await complete(clientId);
    const { keys } = (await server.send(new URL(metadata.jwks_uri!).pathname.slice(1))).body as {
      keys: { kid: string }[];
    };
    const { alg, kid } = decodeProtectedHeader(idToken as string);
    expect([alg, keys.map((one) => one.kid)]).toEqual(['RS256', expect.arrayContaining([kid])]);
  });

  test('no id_token is unsigned, and discovery says so: none is refused (Registration §2; oidcc-idtoken-unsigned)', async () => {
    const { status, body } = await post({ id_token_signed_response_alg: 'none' });
    expect([status, body.error]).toEqual([400, 'invalid_client_metadata']);
    expect(body.error_description).toContain('id_token_signed_response_alg');
  });

  test('a redirect URI with a fragment cannot be registered (RFC 6749 §3.1.2; oidcc-redirect-uri-regfrag)', async () => {
    const { status, headers, body } = await post({ redirect_uris: [`${callback}#foobar`] });
    expect([status, body.error]).toEqual([400, 'invalid_redirect_uri']);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
  });

  test('a redirect URI with a query can be registered, and keeps it (RFC 6749 §3.1.2; oidcc-redirect-uri-query-OK)', async () => {
    const { client_id: clientId } = await register({ redirect_uris: [`${callback}?foo=bar`] });
    const answer = await goOn(await open(clientId, { redirect_uri: `${callback}?foo=bar` }));
    expect([answer.get('foo'), answer.has('code')]).toEqual(['bar', true]);
  });

  test('keys are fetched from jwks_uri (Registration §2; oidcc-registration-jwks-uri)', async () => {
    const jwks_uri = host.serve('/published', { keys: [first.jwk] });
    const { client_id: clientId, ...told } = await register({ jwks: undefined, jwks_uri });
    expect(told).toMatchObject({ jwks_uri });
    expect(await complete(clientId)).toHaveProperty('id_token');
    expect(host.countOf('/published')).toBe(1);
  });

  test('jwks and jwks_uri are not registered together (Registration §2)', async () => {
    const { status, body } = await post({ jwks_uri: `${host.url}/published` });
    expect([status, body.error]).toEqual([400, 'invalid_client_metadata']);
  });

  test('a client changes its keys at jwks_uri, and refreshes with the new one (Core §10.1.1; oidcc-refresh-token-rp-key-rotation)', async () => {
    const jwks_uri = host.serve('/rotated', { keys: [first.jwk] });
    const grant_types = ['authorization_code', 'refresh_token'];
    const { client_id: clientId } = await register({ jwks: undefined, jwks_uri, grant_types });
    const { refresh_token: refreshToken } = await complete(clientId, {
      scope: 'openid offline_access',
      prompt: 'consent',
    });
    host.serve('/rotated', { keys: [second.jwk] });
    const form = { grant_type: 'refresh_token', refresh_token: refreshToken as string };
    const { status, body } = await token(clientId, form, second);
    expect([status, body.error]).toEqual([200, undefined]);
    expect((await token(clientId, form, first)).body.error).toBe('invalid_client');
  });

  test.each([
    ['logo_uri', 'oidcc-registration-logo-uri'],
    ['policy_uri', 'oidcc-registration-policy-uri'],
    ['tos_uri', 'oidcc-registration-tos-uri'],
    ['client_uri', 'Registration §2'],
  ])('%s is kept, and the person sees it when asked for consent (Registration §2; %s)', async (name) => {
    const address = `https://suite.example/test/a/tessera/${name}`;
    const client = await register({ client_name: 'The suite', [name]: address });
    expect(client[name]).toBe(address);
    const page = await open(client.client_id);
    const consent = page.url.pathname === '/signin' ? await alice.signIn(page) : page;
    expect(consent.url.pathname).toBe('/consent');
    expect(consent.text).toContain('The suite');
    expect(consent.html).toContain(address);
  });

  test('redirect URIs of several hosts share a sector whose document lists them (Registration §5; oidcc-registration-sector-uri)', async () => {
    const redirect_uris = [callback, 'https://other.example/callback'];
    const sector_identifier_uri = host.serve('/sector', redirect_uris);
    const client = await register({ redirect_uris, sector_identifier_uri, subject_type: 'pairwise' });
    expect(client).toMatchObject({ sector_identifier_uri, subject_type: 'pairwise' });
    const { id_token: idToken } = await complete(client.client_id);
    expect(decodeJwt(idToken as string).sub).not.toBe('1');
  });

  test('a sector whose document does not list each redirect URI is refused (Registration §5; oidcc-registration-sector-bad)', async () => {
    const sector_identifier_uri = host.serve('/bad-sector', ['https://suite.example/elsewhere']);
    const { status, headers, body } = await post({ sector_identifier_uri, subject_type: 'pairwise' });
    expect([status, body.error]).toEqual([400, 'invalid_client_metadata']);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
  });

  test('pairwise redirect URIs of several hosts without a sector are refused (Core §8.1)', async () => {
    const redirect_uris = [callback, 'https://other.example/callback'];
    const { status, body } = await post({ redirect_uris, subject_type: 'pairwise' });
    expect([status, body.error]).toEqual([400, 'invalid_client_metadata']);
  });

  describe('a request by reference (Core §6.2)', () => {
    const requestOf = (client_id: string) =>
      sign(
        {
          iss: client_id,
          aud: metadata.issuer!,
          client_id,
          redirect_uri: callback,
          response_type: 'code',
          scope: 'openid',
          state: 'inside',
        },
        first,
      );

    test('signed by RS256 is fetched and counts (oidcc-request-uri-signed-rs256)', async () => {
      const request_uri = `${host.url}/request`;
      const client = await register({ request_uris: [request_uri], request_object_signing_alg: 'RS256' });
      expect(client).toMatchObject({ request_uris: [request_uri], request_object_signing_alg: 'RS256' });
      host.serve('/request', await requestOf(client.client_id));
      expect((await goOn(await open(client.client_id, { request_uri }))).get('state')).toBe('inside');
    });

    test('registered with a hash counts only while its content has it', async () => {
      const { client_id: clientId } = await register({ request_uris: [`${host.url}/hashed`] });
      const object = await requestOf(clientId);
      const hash = createHash('sha256').update(object).digest('base64url');
      const request_uri = `${host.serve('/hashed', object)}#${hash}`;
      expect((await goOn(await open(clientId, { request_uri }))).get('state')).toBe('inside');
      host.serve('/hashed', `${object}x`);
      const refused = await open(clientId, { request_uri });
      expect(refused.url.searchParams.get('error')).toBe('invalid_request_uri');
    });

    test('unsigned is not supported, and cannot be registered (Registration §2; oidcc-request-uri-unsigned)', async () => {
      const { status, body } = await post({ request_object_signing_alg: 'none' });
      expect([status, body.error]).toEqual([400, 'invalid_client_metadata']);
      expect(metadata.request_object_signing_alg_values_supported ?? []).not.toContain('none');
    });

    test('with another redirect_uri outside than inside is answered at the one that is signed (oidcc-ensure-request-object-with-redirect-uri)', async () => {
      const { client_id: clientId } = await register({ redirect_uris: [callback, `${callback}/other`] });
      const page = await open(clientId, { redirect_uri: `${callback}/other`, request: await requestOf(clientId) });
      expect((await goOn(page)).get('state')).toBe('inside');
    });
  });

  test('userinfo is signed for a client that registered that, with iss and aud (Core §5.3.2; oidcc-userinfo-rs256)', async () => {
    const { client_id: clientId } = await register({ userinfo_signed_response_alg: 'RS256' });
    const { access_token: accessToken } = await complete(clientId);
    const { headers, body } = await server.send('connect/userinfo', { headers: bearer(accessToken as string) });
    expect(headers.get('content-type')).toMatch(/^application\/jwt/);
    const keys = (await server.send(new URL(metadata.jwks_uri!).pathname.slice(1))).body;
    const rules = { issuer: metadata.issuer!, audience: clientId, algorithms: ['RS256'] };
    expect((await jwtVerify(body as never, createLocalJWKSet(keys as never), rules)).payload.sub).toBe('1');
  });

  test('refresh tokens are for clients that registered the grant (Registration §2; oidcc-refresh-token)', async () => {
    const grant_types = ['authorization_code', 'refresh_token'];
    const { client_id: clientId } = await register({ grant_types });
    const tokens = await complete(clientId, { scope: 'openid offline_access', prompt: 'consent' });
    const form = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token as string };
    const { status, body } = await token(clientId, form);
    expect([status, decodeJwt(body.id_token as string).sub]).toEqual([200, '1']);
    const { client_id: without } = await register();
    expect(await complete(without)).not.toHaveProperty('refresh_token');
  });

  test('a new signing key of the server is announced, and a registered client goes on (Core §10.1.1; oidcc-server-rotate-keys)', async () => {
    const { client_id: clientId } = await register();
    const before = decodeProtectedHeader((await complete(clientId)).id_token as string).kid;
    const { kid } = await server.app.get(KeyRing).rotate('RS256');
    const { keys } = (await server.send(new URL(metadata.jwks_uri!).pathname.slice(1))).body as {
      keys: { kid: string }[];
    };
    expect(keys.map((one) => one.kid)).toEqual(expect.arrayContaining([before, kid]));
    expect(await complete(clientId)).toHaveProperty('id_token');
  });
});
