import { beforeAll, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { rsaRecipient } from '../../keys/recipient-key.spec.fixture.js';
import {
  adapters,
  type Answer,
  client,
  headerOf,
  issuer,
  run,
  type RunningServer,
  seed,
} from '../../running-server.spec.fixture.js';
import { Browser, challenge, PlainPagesModule, toClient } from '../../signed-in-browser.spec.fixture.js';

const redirectUri = 'https://app.example.com/callback';
const web = {
  allowedGrantTypes: ['authorization_code'],
  redirectUris: [redirectUri],
  allowedScopes: ['openid', 'profile', 'api1'],
};
const implicit = { ...web, allowedGrantTypes: ['implicit'], allowAccessTokensViaBrowser: true };
const reader = rsaRecipient('of the reader', { use: 'enc' });
const stranger = rsaRecipient('of a stranger');
const encrypted = { jwks: reader.jwks, authorizationEncryptedResponseAlg: 'RSA-OAEP-256' } as const;
const request = {
  client_id: 'web',
  redirect_uri: redirectUri,
  response_type: 'code',
  scope: 'openid profile',
  state: 'a state',
  code_challenge: challenge,
  code_challenge_method: 'S256',
};
const forTokens = { client_id: 'implicit', response_type: 'id_token token', nonce: 'n' };

describe.each(adapters)('JWT Secured Authorization Response Mode (JARM) on %s', (adapter) => {
  let server: RunningServer;
  let browser: Browser;
  beforeAll(async () => {
    const clients = [
      ...seed.clients,
      client('web', web),
      client('edwards', { ...web, authorizationSignedResponseAlg: 'EdDSA' }),
      client('signed_only', { ...web, requireSignedAuthorizationResponse: true }),
      client('encrypted', { ...web, ...encrypted, authorizationEncryptedResponseEnc: 'A256GCM' }),
      client('implicit', implicit),
      client('encrypted_implicit', { ...implicit, ...encrypted }),
      client('elsewhere', { ...web, ...encrypted, jwks: undefined, jwksUri: 'https://127.0.0.1:9/jwks' }),
    ];
    const options = { clients, imports: [PlainPagesModule], signingAlgorithms: ['ES256', 'EdDSA'] as const };
    server = await run(options, { adapter });
    browser = new Browser(server);
    await browser.signIn('alice');
  });

  const ask = (difference: Record<string, string>) => browser.authorize({ ...request, ...difference });
  const responseIn = (answer: Answer) => {
    const { response, ...others } = toClient(answer);
    expect(others).toEqual({});
    return response!;
  };
  async function verified(jwt: string, audience = 'web') {
    const keys = createLocalJWKSet((await server.send('.well-known/openid-configuration/jwks')).body as JSONWebKeySet);
    const currentDate = new Date(server.clock.now() * 1000);
    return (await jwtVerify(jwt, keys, { issuer, audience, currentDate, requiredClaims: ['exp'] })).payload;
  }

  it.each([
    ['jwt', '?'],
    ['query.jwt', '?'],
    ['fragment.jwt', '#'],
  ])(
    '%s: the answer is one parameter, response, and everything is inside of it (§2.1, §2.3)',
    async (mode, separator) => {
      const answer = await ask({ response_mode: mode });
      expect(answer.status).toBe(303);
      expect(answer.headers.get('location')).toMatch(`${redirectUri}${separator}response=`);
      const claims = await verified(responseIn(answer));
      expect(claims).toEqual({
        iss: issuer,
        aud: 'web',
        exp: expect.any(Number),
        code: expect.any(String),
        state: 'a state',
        session_state: expect.any(String),
      });
      expect(claims.exp! - server.clock.now()).toBeLessThanOrEqual(600);
    },
  );

  it('form_post.jwt: a form with one field, response (§2.3.3)', async () => {
    const { status, text, headers } = await ask({ response_mode: 'form_post.jwt' });
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    const fields = [...text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)];
    expect(fields.map(([, name]) => name)).toEqual(['response']);
    expect(await verified(fields[0]![2]!)).toMatchObject({ code: expect.any(String), state: 'a state' });
  });

  it('jwt: in the fragment where the response type carries tokens (§2.3.4), with the tokens in the JWT', async () => {
    const answer = await ask({ ...forTokens, response_mode: 'jwt' });
    expect(answer.headers.get('location')).toMatch(`${redirectUri}#response=`);
    expect(await verified(responseIn(answer), 'implicit')).toMatchObject({
      access_token: expect.any(String),
      token_type: 'Bearer',
      id_token: expect.any(String),
      state: 'a state',
    });
  });

  it('has a typ of its own, so that nobody takes it for an id_token (RFC 8725 §3.11)', async () => {
    const jwt = responseIn(await ask({ response_mode: 'jwt' }));
    expect(headerOf(jwt).typ).toBe('oauth-authz-resp+jwt');
    const hint = toClient(await ask({ prompt: 'none', id_token_hint: jwt }));
    expect(hint.error).toBe('invalid_request');
  });

  it('is signed by the algorithm of the client (§3), else by RS256 or what the server has instead', async () => {
    const alg = async (client_id: string) =>
      headerOf(responseIn(await ask({ client_id, response_mode: 'jwt' }))).alg as unknown;
    expect([await alg('edwards'), await alg('web')]).toEqual(['EdDSA', 'ES256']);
  });

  it.each([
    ['scope', { scope: 'openid unheard_of' }, 'invalid_scope'],
    ['prompt', { prompt: 'none', max_age: '0' }, 'login_required'],
    ['response_type', { response_type: 'carrier' }, 'unsupported_response_type'],
  ])('a refusal for its %s is in a JWT, too, and nothing of it stands outside (§2.1)', async (_name, wrong, error) => {
    server.clock.advance(1);
    const claims = await verified(responseIn(await ask({ ...wrong, response_mode: 'jwt' })));
    expect(claims).toMatchObject({ error, error_description: expect.any(String), state: 'a state', iss: issuer });
  });

  it('query.jwt is not for tokens (§2.3.1), and the refusal is in the fragment', async () => {
    const answer = await ask({ ...forTokens, response_mode: 'query.jwt' });
    expect(answer.headers.get('location')).toMatch(`${redirectUri}#response=`);
    const { error, error_description } = await verified(responseIn(answer), 'implicit');
    expect([error, error_description]).toEqual([
      'invalid_request',
      expect.stringContaining('unless the JWT is encrypted'),
    ]);
  });

  it('query.jwt carries tokens where the JWT is encrypted (§2.3.1)', async () => {
    const answer = await ask({ ...forTokens, client_id: 'encrypted_implicit', response_mode: 'query.jwt' });
    expect(answer.headers.get('location')).toMatch(`${redirectUri}?response=`);
    const { text } = await reader.open(responseIn(answer));
    expect(await verified(text, 'encrypted_implicit')).toMatchObject({ access_token: expect.any(String) });
  });

  it('is signed and then encrypted to the key of the client (§2.2), refusals as well', async () => {
    for (const difference of [{}, { scope: 'unheard_of' }] as Record<string, string>[]) {
      const jwe = responseIn(await ask({ client_id: 'encrypted', response_mode: 'jwt', ...difference }));
      const { header, text } = await reader.open(jwe);
      expect(header).toEqual({ alg: 'RSA-OAEP-256', enc: 'A256GCM', cty: 'JWT', kid: 'of the reader' });
      expect(await verified(text, 'encrypted')).toMatchObject({ state: 'a state' });
      await expect(stranger.open(jwe)).rejects.toThrow();
    }
  });

  it('a client that takes signed answers alone gets no other, and is told so in a JWT', async () => {
    for (const difference of [{}, { response_mode: 'query' }] as Record<string, string>[]) {
      const answer = await ask({ client_id: 'signed_only', ...difference });
      const { error } = await verified(responseIn(answer), 'signed_only');
      expect(error).toBe('invalid_request');
    }
    const good = await ask({ client_id: 'signed_only', response_mode: 'jwt' });
    expect(await verified(responseIn(good), 'signed_only')).toMatchObject({ code: expect.any(String) });
  });

  it('where the key of the client cannot be had there is a page, and nothing goes to the client in the clear', async () => {
    for (const difference of [{}, { scope: 'unheard_of' }] as Record<string, string>[]) {
      const answer = await ask({ client_id: 'elsewhere', response_mode: 'jwt', ...difference });
      expect([answer.status, answer.headers.get('location')]).toEqual([500, null]);
      expect(answer.text).not.toMatch(/code=|a state|invalid_scope/);
    }
  });

  it('says in discovery which modes and algorithms there are (§4)', async () => {
    const { body } = await server.send('.well-known/openid-configuration');
    expect(body).toMatchObject({
      response_modes_supported: ['query', 'fragment', 'form_post', 'query.jwt', 'fragment.jwt', 'form_post.jwt', 'jwt'],
      authorization_signing_alg_values_supported: ['ES256', 'EdDSA'],
      authorization_encryption_alg_values_supported: expect.arrayContaining(['RSA-OAEP-256', 'ECDH-ES']),
      authorization_encryption_enc_values_supported: expect.arrayContaining(['A128CBC-HS256', 'A256GCM']),
    });
  });
});

describe('A server whose clients take signed answers alone, none of them encrypted', () => {
  it('lists no other response modes, and no way of encryption', async () => {
    const clients = [client('signed_only', { ...web, requireSignedAuthorizationResponse: true })];
    const server = await run({ clients, imports: [PlainPagesModule] });
    const { body } = await server.send('.well-known/openid-configuration');
    expect(body.response_modes_supported).toEqual(['query.jwt', 'fragment.jwt', 'form_post.jwt', 'jwt']);
    expect(body.authorization_encryption_alg_values_supported).toBeUndefined();
  });
});
