import { beforeAll, describe, expect, it } from '@jest/globals';
import { contentEncryptions, encryptionAlgorithms } from '@tessera/protocol';
import { ApiResource, ClientStore, type LogoutNotice, Secret, sha256 } from '@tessera/resource-model';
import { curveRecipient, rsaRecipient } from '../keys/recipient-key.spec.fixture.js';
import {
  claimsOf,
  client,
  headerOf,
  issuer,
  type Json,
  run,
  type RunningServer,
  seed,
} from '../running-server.spec.fixture.js';
import { LogoutTokenWriter } from './logout-token.writer.js';

const rsa = rsaRecipient('rsa', { use: 'enc' });
const curve = curveRecipient('curve');
const readers = { keys: [rsa.jwk, curve.jwk] };
const people = { allowedGrantTypes: ['password'], allowedScopes: ['openid', 'profile', 'api1'] };

describe('Encrypted for the client', () => {
  let server: RunningServer;
  beforeAll(async () => {
    const clients = [
      ...seed.clients,
      ...encryptionAlgorithms.map((alg) =>
        client(`id_token ${alg}`, { ...people, jwks: readers, idTokenEncryptedResponseAlg: alg }),
      ),
      ...contentEncryptions.map((enc) =>
        client(`userinfo ${enc}`, {
          ...people,
          jwks: readers,
          userinfoEncryptedResponseAlg: 'RSA-OAEP',
          userinfoEncryptedResponseEnc: enc,
          userinfoSignedResponseAlg: 'ES256',
        }),
      ),
      client('unsigned', { ...people, jwks: readers, userinfoEncryptedResponseAlg: 'ECDH-ES' }),
      client('elsewhere', { ...people, jwksUri: 'https://127.0.0.1:9/jwks', idTokenEncryptedResponseAlg: 'ECDH-ES' }),
    ];
    server = await run({ clients });
  });

  const signIn = async (id: string) => {
    const form = { grant_type: 'password', username: 'alice', password: 'ecila', scope: 'openid profile' };
    return server.post('connect/token', form, { basic: `${encodeURIComponent(id)}:secret` });
  };
  const userinfo = async (id: string) => {
    const { access_token } = (await signIn(id)).body;
    return server.send('connect/userinfo', { headers: { authorization: `Bearer ${access_token as string}` } });
  };

  it.each(encryptionAlgorithms)(
    'an id_token is signed and then encrypted by %s, with cty JWT and the kid of the key (OpenID Connect Core §2, RFC 7519 §5.2)',
    async (alg) => {
      const { id_token } = (await signIn(`id_token ${alg}`)).body as Record<string, string>;
      const { header, text } = await (alg.startsWith('RSA') ? rsa : curve).open(id_token!);
      const kid = alg.startsWith('RSA') ? 'rsa' : 'curve';
      expect(header).toMatchObject({ alg, kid, cty: 'JWT', enc: 'A128CBC-HS256' });
      expect(header).not.toHaveProperty('zip');
      expect(headerOf(text)).toMatchObject({ alg: 'ES256', typ: 'JWT' });
      expect(claimsOf(text)).toMatchObject({ iss: issuer, sub: 'subject-of-alice', aud: `id_token ${alg}` });
    },
  );

  it.each(contentEncryptions)(
    'userinfo is signed and then encrypted by %s, as application/jwt (OpenID Connect Core §5.3.2)',
    async (enc) => {
      const { headers, text: jwe } = await userinfo(`userinfo ${enc}`);
      expect(headers.get('content-type')).toMatch(/^application\/jwt/);
      const { header, text } = await rsa.open(jwe);
      expect(header).toMatchObject({ alg: 'RSA-OAEP', enc, cty: 'JWT' });
      expect(claimsOf(text)).toEqual({
        iss: issuer,
        aud: `userinfo ${enc}`,
        sub: 'subject-of-alice',
        name: 'The alice',
      });
    },
  );

  it('userinfo that nobody asked to be signed is JSON in the envelope (OpenID Connect Registration §2)', async () => {
    const { headers, text: jwe } = await userinfo('unsigned');
    expect(headers.get('content-type')).toMatch(/^application\/jwt/);
    const { header, text } = await curve.open(jwe);
    expect(header.cty).toBeUndefined();
    expect(JSON.parse(text)).toEqual({ sub: 'subject-of-alice', name: 'The alice' });
  });

  it('each time with another key of the content, so that two tokens cannot be told to say the same (RFC 7516 §5.1)', async () => {
    const [one, other] = [await userinfo('unsigned'), await userinfo('unsigned')];
    expect(one.text.split('.')[3]).not.toBe(other.text.split('.')[3]);
  });

  it('a logout token is encrypted as id_tokens are (OpenID Connect Back-Channel Logout §2.6)', async () => {
    const reader = (await server.app.get(ClientStore).find('id_token RSA-OAEP'))!;
    const notice = { subject: 'subject-of-alice', sessionId: 's' } as LogoutNotice;
    const { header, text } = await rsa.open(await server.app.get(LogoutTokenWriter).write(notice, reader));
    expect(header).toMatchObject({ alg: 'RSA-OAEP', enc: 'A128CBC-HS256', cty: 'JWT' });
    expect([headerOf(text).typ, claimsOf(text).sid]).toEqual(['logout+jwt', 's']);
  });

  it('or not at all: where the key cannot be had the answer is server_error, and no token', async () => {
    const { status, body } = await signIn('elsewhere');
    expect([status, body]).toEqual([500, { error: 'server_error', error_description: expect.any(String) }]);
  });

  it('is said in discovery: RSA1_5 is not among the ways (RFC 8725 §3.2)', async () => {
    const { body } = await server.send('.well-known/openid-configuration');
    const members = (answer: string): Json => ({
      [`${answer}_encryption_alg_values_supported`]: [...encryptionAlgorithms],
      [`${answer}_encryption_enc_values_supported`]: [...contentEncryptions],
    });
    expect(body).toMatchObject({ ...members('id_token'), ...members('userinfo') });
    expect(encryptionAlgorithms).not.toContain('RSA1_5');
    for (const answer of ['introspection', 'authorization']) {
      expect(body).not.toHaveProperty(`${answer}_encryption_alg_values_supported`);
    }
  });
});

describe('An access token that is encrypted to its API', () => {
  let server: RunningServer;
  beforeAll(async () => {
    const api = (name: string, more: ConstructorParameters<typeof ApiResource>[2] = {}) =>
      new ApiResource(name, undefined, { apiSecrets: [new Secret(sha256('secret'))], ...more });
    const apiResources = [
      api('reader', { encryptionJwk: rsa.jwk, accessTokenEncryptionAlg: 'RSA-OAEP-256' }),
      api('curve', {
        encryptionJwk: curve.jwk,
        accessTokenEncryptionAlg: 'ECDH-ES',
        accessTokenEncryptionEnc: 'A256GCM',
      }),
      api('plain'),
    ];
    const scopes = { allowedScopes: ['reader', 'curve', 'plain', 'openid', 'profile'], allowOfflineAccess: true };
    const clients = [
      client('c', { ...people, ...scopes }),
      client('without_id', { ...people, ...scopes, includeJwtId: false }),
      client('reference', { ...people, ...scopes, accessTokenType: 'reference' }),
    ];
    server = await run({ apiResources, clients });
  });

  const get = async (scope: string, more: Record<string, string> = {}, id = 'c') => {
    const form = { grant_type: 'password', username: 'alice', password: 'ecila', scope, ...more };
    return (await server.post('connect/token', form, { basic: `${id}:secret` })).body as Record<string, string>;
  };
  const introspect = async (token: string, basic = 'reader:secret') =>
    (await server.post('connect/introspect', { token }, { basic })).body;
  const revoke = async (token: string, id = 'c') =>
    server.post('connect/revocation', { token }, { basic: `${id}:secret` });

  it('is an at+jwt in an envelope that the API alone can open (RFC 9068 §2.1, RFC 7516)', async () => {
    const { access_token } = await get('reader');
    const { header, text } = await rsa.open(access_token!);
    expect(header).toEqual({ alg: 'RSA-OAEP-256', enc: 'A128CBC-HS256', cty: 'at+jwt', kid: 'rsa' });
    expect(headerOf(text).typ).toBe('at+jwt');
    expect(claimsOf(text)).toMatchObject({ aud: 'reader', scope: 'reader', sub: 'subject-of-alice' });
    const other = await get('curve');
    expect((await curve.open(other.access_token!)).header).toMatchObject({ alg: 'ECDH-ES', enc: 'A256GCM' });
  });

  it('is known at introspection as it was handed out, and as the API opened it (RFC 7662)', async () => {
    const { access_token } = await get('reader');
    const { text } = await rsa.open(access_token!);
    const known = await introspect(access_token!);
    expect(known).toMatchObject({ active: true, aud: 'reader', scope: 'reader', sub: 'subject-of-alice' });
    expect(await introspect(text)).toEqual(known);
    expect(await introspect(access_token!, 'plain:secret')).toEqual({ active: false });
  });

  it('opens userinfo where it was issued with openid, as any other does', async () => {
    const { access_token } = await get('openid profile reader');
    const { body } = await server.send('connect/userinfo', { headers: { authorization: `Bearer ${access_token!}` } });
    expect(body).toEqual({ sub: 'subject-of-alice', name: 'The alice' });
  });

  it('ends when the client takes it back, in both forms (RFC 7009 §2.1), and by no other client', async () => {
    const { access_token } = await get('reader');
    const { text } = await rsa.open(access_token!);
    expect((await revoke(access_token!, 'reference')).status).toBe(400);
    expect((await introspect(text)).active).toBe(true);
    expect((await revoke(access_token!)).status).toBe(200);
    for (const token of [access_token!, text]) expect(await introspect(token)).toEqual({ active: false });
  });

  it('ends with the refresh token that came along', async () => {
    const { access_token, refresh_token } = await get('reader offline_access');
    const { text } = await rsa.open(access_token!);
    expect((await revoke(refresh_token!)).status).toBe(200);
    for (const token of [access_token!, text]) expect(await introspect(token)).toEqual({ active: false });
  });

  it('is not said to be taken back where it has no jti that the API could look for (RFC 7009 §2.2.1)', async () => {
    const { access_token } = await get('reader', {}, 'without_id');
    const { status, body } = await revoke(access_token!, 'without_id');
    expect([status, body.error]).toEqual([400, 'unsupported_token_type']);
  });

  it('ends by itself', async () => {
    const { access_token } = await get('reader');
    server.clock.advance(3600);
    expect(await introspect(access_token!)).toEqual({ active: false });
  });

  it('is for one API: for several there is none, and none in the clear (RFC 8707 §2)', async () => {
    for (const scope of ['reader plain', 'reader curve']) {
      expect(await get(scope)).toEqual({
        error: 'invalid_target',
        error_description: expect.stringMatching(/resource/),
      });
    }
    expect((await get('reader plain', { resource: 'reader' })).access_token!.split('.')).toHaveLength(5);
    expect((await get('reader plain', { resource: 'plain' })).access_token!.split('.')).toHaveLength(3);
    expect((await get('plain')).access_token!.split('.')).toHaveLength(3);
  });

  it('is not needed where the token is opaque: there is nothing to read in it', async () => {
    const { access_token } = await get('reader plain', {}, 'reference');
    expect(access_token).not.toContain('.');
    expect((await introspect(access_token!)).active).toBe(true);
  });
});
