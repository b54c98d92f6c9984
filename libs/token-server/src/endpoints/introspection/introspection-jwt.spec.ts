import { beforeAll, describe, expect, it } from '@jest/globals';
import { ApiResource, Secret, sha256 } from '@tessera/resource-model';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { curveRecipient, rsaRecipient } from '../../keys/recipient-key.spec.fixture.js';
import {
  adapters,
  client,
  headerOf,
  issuer,
  type Json,
  run,
  type RunningServer,
  seed,
} from '../../running-server.spec.fixture.js';

const jwtType = 'application/token-introspection+jwt';
const apiReader = rsaRecipient('api');
const clientReader = curveRecipient('client');

describe.each(adapters)('Introspection as a JWT (RFC 9701) on %s', (adapter) => {
  let server: RunningServer;
  let token: string;
  beforeAll(async () => {
    const api = (name: string, more: ConstructorParameters<typeof ApiResource>[2]) =>
      new ApiResource(name, undefined, { scopes: ['shared'], apiSecrets: [new Secret(sha256('secret'))], ...more });
    const options = {
      signingAlgorithms: ['ES256', 'EdDSA'] as const,
      apiResources: [
        ...seed.apiResources,
        api('signed_api', { introspectionSignedResponseAlg: 'EdDSA' }),
        api('sealed_api', {
          introspectionEncryptedResponseAlg: 'RSA-OAEP-256',
          introspectionEncryptedResponseEnc: 'A128GCM',
          encryptionJwk: apiReader.jwk,
        }),
      ],
      clients: [
        ...seed.clients,
        client('broad', { allowedScopes: ['api1', 'shared'] }),
        client('sealed_client', { jwks: clientReader.jwks, introspectionEncryptedResponseAlg: 'ECDH-ES+A128KW' }),
      ],
    };
    server = await run(options, { adapter });
    token = await issue('broad');
  });

  async function issue(id: string): Promise<string> {
    const { body } = await server.post(
      'connect/token',
      { grant_type: 'client_credentials' },
      { basic: `${id}:secret` },
    );
    return body.access_token as string;
  }

  const introspect = (basic: string, accept?: string, about = token) =>
    server.post('connect/introspect', { token: about }, { basic, headers: accept ? { accept } : {} });

  async function verified(jwt: string, audience: string): Promise<Json> {
    const keys = createLocalJWKSet((await server.send('.well-known/openid-configuration/jwks')).body as JSONWebKeySet);
    const currentDate = new Date(server.clock.now() * 1000);
    return (await jwtVerify(jwt, keys, { issuer, audience, currentDate, typ: 'token-introspection+jwt' })).payload;
  }

  it('is what the request asks for by Accept (§4), and says iss, aud, iat and what the token says apart (§5)', async () => {
    const { status, headers, text } = await introspect('api1:api1 secret', jwtType);
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(headers.get('content-type')?.split(';')[0]).toBe(jwtType);
    expect(headerOf(text).typ).toBe('token-introspection+jwt');
    const { body: plain } = await introspect('api1:api1 secret');
    expect(await verified(text, 'api1')).toEqual({
      iss: issuer,
      aud: 'api1',
      iat: server.clock.now(),
      token_introspection: plain,
    });
    expect(plain).toMatchObject({ active: true, aud: 'api1', scope: 'api1 shared' });
  });

  it('has neither sub nor exp of its own, so that it passes for no access token (§5)', async () => {
    const { text } = await introspect('api1:api1 secret', jwtType);
    const claims = await verified(text, 'api1');
    expect([claims.sub, claims.exp]).toEqual([undefined, undefined]);
    const reused = await server.send('connect/userinfo', { headers: { authorization: `Bearer ${text}` } });
    expect([reused.status, reused.body.error]).toEqual([401, 'invalid_token']);
    expect((await introspect('api1:api1 secret', undefined, text)).body).toEqual({ active: false });
  });

  it('says of a token that is not for the caller that it is not active, and nothing more (§5)', async () => {
    const own = await issue('simple_client');
    for (const about of [own, 'nonsense']) {
      const { text } = await introspect('api2:api2 secret', jwtType, about);
      expect((await verified(text, 'api2')).token_introspection).toEqual({ active: false });
    }
  });

  it.each([
    ['application/json', false],
    ['*/*', false],
    [`${jwtType};q=0, application/json`, false],
    [`${jwtType};q=0.5, application/json`, false],
    [`application/json;q=0.5, ${jwtType}`, true],
    [`application/json, ${jwtType.toUpperCase()}`, true],
  ])('Accept: %s is taken at its word (RFC 9110 §12.5.1)', async (accept, isJwt) => {
    const { headers } = await introspect('api1:api1 secret', accept);
    expect(headers.get('content-type')?.includes('jwt')).toBe(isJwt);
  });

  it('is signed as the caller has it (§6), and then whatever the request accepts', async () => {
    for (const accept of [undefined, 'application/json', jwtType]) {
      const { headers, text } = await introspect('signed_api:secret', accept);
      expect(headers.get('content-type')).toMatch(jwtType);
      expect(headerOf(text).alg).toBe('EdDSA');
      expect((await verified(text, 'signed_api')).token_introspection).toMatchObject({ active: true });
    }
  });

  it('is encrypted to the key of the API, and to that of the client (§6)', async () => {
    const forApi = await apiReader.open((await introspect('sealed_api:secret')).text);
    expect(forApi.header).toEqual({ alg: 'RSA-OAEP-256', enc: 'A128GCM', cty: 'JWT', kid: 'api' });
    expect((await verified(forApi.text, 'sealed_api')).token_introspection.active).toBe(true);

    const own = await issue('sealed_client');
    const forClient = await clientReader.open((await introspect('sealed_client:secret', undefined, own)).text);
    expect(forClient.header).toMatchObject({ alg: 'ECDH-ES+A128KW', enc: 'A128CBC-HS256', cty: 'JWT' });
    expect((await verified(forClient.text, 'sealed_client')).token_introspection.client_id).toBe('sealed_client');
  });

  it('leaves refusals as they are: JSON (RFC 7662 §2.3)', async () => {
    const { status, body } = await introspect('api1:wrong', jwtType);
    expect([status, body.error]).toEqual([401, 'invalid_client']);
  });

  it('is said in discovery (§7)', async () => {
    const { body } = await server.send('.well-known/openid-configuration');
    expect(body.introspection_signing_alg_values_supported).toEqual(['ES256', 'EdDSA']);
    expect(body.introspection_encryption_alg_values_supported).toContain('RSA-OAEP-256');
    expect(body.introspection_encryption_enc_values_supported).toContain('A128GCM');
  });
});
