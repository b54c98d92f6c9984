import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createRemoteJWKSet, customFetch, decodeProtectedHeader, jwtVerify, type RemoteJWKSet } from 'jose';
import { ApiResource, Secret, sha256 } from '@tessera/token-server';
import { basic, type RunningServer, startServer } from '../running-server.js';
import { servers } from './servers.js';

describe.each(servers)('jose with %s', (_name, algorithm, start) => {
  let server: RunningServer;
  let keys: RemoteJWKSet;

  beforeAll(async () => {
    server = await start();
    const { body } = await server.send('.well-known/openid-configuration');
    keys = createRemoteJWKSet(new URL(body.jwks_uri), { [customFetch]: server.fetch });
  });

  afterAll(() => server.close());

  async function signIn(scope = 'openid profile api1') {
    const person = { grant_type: 'password', username: 'alice', password: 'alice', scope };
    const { body } = await server.form('connect/token', person, basic('ropg_client'));
    return body as { access_token: string; id_token: string };
  }

  test('verifies the access token of a client', async () => {
    const { body } = await server.form('connect/token', { grant_type: 'client_credentials' }, basic('simple_client'));
    const { payload, protectedHeader } = await jwtVerify(body.access_token, keys, {
      issuer: server.url,
      audience: 'api1',
      typ: 'at+jwt',
      algorithms: [algorithm],
      requiredClaims: ['iat', 'jti'],
    });
    expect(protectedHeader).toEqual({ alg: algorithm, typ: 'at+jwt', kid: expect.any(String) });
    expect(payload).toMatchObject({ sub: 'simple_client', client_id: 'simple_client', scope: 'api1' });
    expect(payload.exp! - payload.iat!).toBe(3600);
  });

  test('verifies the access token of a person', async () => {
    const { access_token } = await signIn();
    const { payload } = await jwtVerify(access_token, keys, { issuer: server.url, audience: 'api1', typ: 'at+jwt' });
    expect(payload).toMatchObject({ sub: '1', client_id: 'ropg_client', scope: 'openid profile api1', amr: ['pwd'] });
    expect(payload.auth_time).toEqual(expect.any(Number));
  });

  test('verifies the id_token, and its at_hash is that of the access token beside it', async () => {
    const { access_token, id_token } = await signIn();
    const { payload } = await jwtVerify(id_token, keys, {
      issuer: server.url,
      audience: 'ropg_client',
      subject: '1',
      typ: 'JWT',
      algorithms: [algorithm],
    });
    expect(payload.at_hash).toBe(atHash(algorithm, access_token));
  });

  test('finds public halves alone in the key set, each with kid, alg and use', async () => {
    const { body } = await server.send('.well-known/openid-configuration/jwks');
    expect(body.keys.length).toBeGreaterThan(0);
    for (const key of body.keys) {
      expect(key).toMatchObject({ kid: expect.any(String), alg: expect.any(String), use: 'sig' });
      for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) expect(key).not.toHaveProperty(secret);
    }
    const { kid } = decodeProtectedHeader((await signIn()).access_token);
    expect(body.keys.map((key: { kid: string }) => key.kid)).toContain(kid);
  });

  test('refuses a token whose claims were changed', async () => {
    const { access_token } = await signIn();
    const [header, payload, signature] = access_token.split('.') as [string, string, string];
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    const forged = Buffer.from(JSON.stringify({ ...claims, sub: '2' })).toString('base64url');
    await expect(jwtVerify(`${header}.${forged}.${signature}`, keys)).rejects.toMatchObject({
      code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    });
  });
});

test('jose finds each token signed as its reader asks: the API one way, the client another', async () => {
  const server = await startServer({
    tls: true,
    options: {
      signingAlgorithms: ['RS256', 'ES256', 'EdDSA'],
      apiResources: [new ApiResource('api1', 'My API', { allowedAccessTokenSigningAlgorithms: ['ES256'] })],
      clients: [
        {
          clientId: 'ropg_client',
          allowedGrantTypes: ['password'],
          clientSecrets: [new Secret(sha256('secret'))],
          allowedScopes: ['api1', 'openid'],
          allowedIdentityTokenSigningAlgorithms: ['EdDSA'],
        },
      ],
    },
  });
  try {
    const person = { grant_type: 'password', username: 'alice', password: 'alice' };
    const { body } = await server.form('connect/token', person, basic('ropg_client'));
    const jwks = new URL(`${server.url}/.well-known/openid-configuration/jwks`);
    const keys = createRemoteJWKSet(jwks, { [customFetch]: server.fetch });
    await jwtVerify(body.access_token, keys, { audience: 'api1', algorithms: ['ES256'] });
    const { payload } = await jwtVerify(body.id_token, keys, { audience: 'ropg_client', algorithms: ['EdDSA'] });
    expect(payload.at_hash).toBe(atHash('EdDSA', body.access_token as string));
  } finally {
    await server.close();
  }
});

/** OpenID Connect Core §3.1.3.6: of the hash that the id_token's signature uses, which for Ed25519 is SHA-512. */
function atHash(algorithm: string, accessToken: string): string {
  const hash = createHash(algorithm === 'EdDSA' ? 'sha512' : 'sha256')
    .update(accessToken)
    .digest();
  return hash.subarray(0, hash.length / 2).toString('base64url');
}
