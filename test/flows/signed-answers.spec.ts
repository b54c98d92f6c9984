import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AccountsModule } from '@tessera/accounts';
import { PagesModule } from '@tessera/pages';
import { ApiResource, type ClientInit, Secret, sha256 } from '@tessera/token-server';
import { compactDecrypt, exportJWK, generateKeyPair } from 'jose';
import * as oauth from 'oauth4webapi';
import * as client from 'openid-client';
import { formOf, PlainBrowser } from '../plain-browser.js';
import { type RunningServer, seed, startServer } from '../running-server.js';

const callback = 'https://app.example.com/callback';
const rsa = { alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: 'rsa-1' } as const;
const curve = { alg: 'ECDH-ES+A256KW', enc: 'A128CBC-HS256', kid: 'curve-1' } as const;

/** A key pair as a relying party has it: the public half for the registration, the private one for its library. */
async function recipient({ alg, kid }: { alg: string; kid: string }) {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'enc' }, key: { key: privateKey, kid, alg } };
}

function web(clientId: string, more: Partial<ClientInit> = {}): ClientInit {
  return {
    clientId,
    allowedGrantTypes: ['authorization_code'],
    clientSecrets: [new Secret(sha256('secret'))],
    redirectUris: [callback],
    allowedScopes: ['openid', 'profile', 'api1'],
    ...more,
  };
}

let server: RunningServer;
let rsaKey: Awaited<ReturnType<typeof recipient>>;
let curveKey: Awaited<ReturnType<typeof recipient>>;

beforeAll(async () => {
  [rsaKey, curveKey] = [await recipient(rsa), await recipient(curve)];
  const jwks = { keys: [rsaKey.jwk, curveKey.jwk] };
  const clients = [
    ...seed.clients,
    web('jarm', { requireSignedAuthorizationResponse: true }),
    web('sealed', {
      jwks,
      authorizationSignedResponseAlg: 'PS256',
      authorizationEncryptedResponseAlg: curve.alg,
      idTokenEncryptedResponseAlg: rsa.alg,
      idTokenEncryptedResponseEnc: rsa.enc,
      userinfoSignedResponseAlg: 'RS256',
      userinfoEncryptedResponseAlg: curve.alg,
      introspectionEncryptedResponseAlg: rsa.alg,
    }),
  ];
  const reader = new ApiResource('reader', 'Reads what is encrypted to it', {
    apiSecrets: [new Secret(sha256('secret'))],
    encryptionJwk: rsaKey.jwk,
    accessTokenEncryptionAlg: rsa.alg,
    introspectionSignedResponseAlg: 'RS256',
  });
  const options = {
    clients: [...clients, web('of_reader', { allowedGrantTypes: ['client_credentials'], allowedScopes: ['reader'] })],
    apiResources: [...seed.apiResources, reader],
    imports: [AccountsModule, PagesModule],
    signingAlgorithms: ['RS256', 'PS256'] as const,
  };
  server = await startServer({ tls: true, options });
});
afterAll(() => server.close());

describe('openid-client', () => {
  async function configured(clientId: string, metadata: Partial<client.ClientMetadata> = {}) {
    const config = await client.discovery(
      new URL(server.url),
      clientId,
      { client_secret: 'secret', ...metadata },
      undefined,
      {
        [client.customFetch]: server.fetch,
        execute: [client.useJwtResponseMode, client.enableNonRepudiationChecks],
      },
    );
    const algorithms = [curve.enc, rsa.enc];
    client.enableDecryptingResponses(config, algorithms, rsaKey.key, curveKey.key);
    return config;
  }

  async function signIn(config: client.Configuration, more: Record<string, string> = {}) {
    const pkceCodeVerifier = client.randomPKCECodeVerifier();
    const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()];
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: callback,
      scope: 'openid profile api1',
      state: expectedState,
      nonce: expectedNonce,
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      ...more,
    });
    const browser = new PlainBrowser(server);
    const shown = await browser.open(url);
    const back = shown.url.origin === server.url ? (await browser.signIn(shown)).url : shown.url;
    const checks = { pkceCodeVerifier, expectedState, expectedNonce };
    return { back, redeem: () => client.authorizationCodeGrant(config, back, checks) };
  }

  test('signs a person in by a signed answer (JARM)', async () => {
    const { back, redeem } = await signIn(await configured('jarm'));
    expect([...back.searchParams.keys()]).toEqual(['response']);
    expect((await redeem()).claims()).toMatchObject({ sub: '1', aud: 'jarm' });
  });

  test('is told of an error by a signed answer', async () => {
    const { back, redeem } = await signIn(await configured('jarm'), { prompt: 'none' });
    expect([...back.searchParams.keys()]).toEqual(['response']);
    await expect(redeem()).rejects.toMatchObject({ error: 'login_required' });
  });

  test('opens encrypted answers, id_tokens and userinfo, and finds our signature in each', async () => {
    const config = await configured('sealed', {
      authorization_signed_response_alg: 'PS256',
      id_token_signed_response_alg: 'RS256',
      userinfo_signed_response_alg: 'RS256',
    });
    const { back, redeem } = await signIn(config);
    expect(back.searchParams.get('response')!.split('.')).toHaveLength(5);
    const tokens = await redeem();
    expect(tokens.id_token!.split('.')).toHaveLength(5);
    expect(tokens.claims()).toMatchObject({ sub: '1', aud: 'sealed' });
    const person = await client.fetchUserInfo(config, tokens.access_token, '1');
    expect(person).toMatchObject({ iss: server.url, aud: 'sealed', name: 'Alice Smith' });
    const about = await client.tokenIntrospection(config, tokens.access_token);
    expect(about).toMatchObject({ active: true, client_id: 'sealed', sub: '1' });
  });

  test('comes back with the id_token that it has opened as a hint; with the closed one it is refused', async () => {
    const config = await configured('sealed', { authorization_signed_response_alg: 'PS256' });
    const jwe = (await (await signIn(config)).redeem()).id_token!;
    const { plaintext } = await compactDecrypt(jwe, rsaKey.key.key);
    const ask = async (id_token_hint: string) => (await signIn(config, { id_token_hint, prompt: 'none' })).redeem();
    await expect(ask(new TextDecoder().decode(plaintext))).rejects.toMatchObject({ error: 'login_required' });
    await expect(ask(jwe)).rejects.toMatchObject({ error: 'invalid_request' });
  });
});

describe('oauth4webapi', () => {
  let as: oauth.AuthorizationServer;
  let options: { [oauth.customFetch]: typeof fetch };
  beforeAll(async () => {
    options = { [oauth.customFetch]: server.fetch };
    const issuer = new URL(server.url);
    as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options));
  });
  const secret = oauth.ClientSecretBasic('secret');
  const decrypt = async (jwe: string) =>
    new TextDecoder().decode((await compactDecrypt(jwe, rsaKey.key.key)).plaintext);

  async function ask(more: Record<string, string>) {
    const state = oauth.generateRandomState();
    const url = new URL(as.authorization_endpoint!);
    const code_challenge = await oauth.calculatePKCECodeChallenge(oauth.generateRandomCodeVerifier());
    const pkce = { code_challenge, code_challenge_method: 'S256' };
    const request = { client_id: 'jarm', redirect_uri: callback, response_type: 'code', scope: 'openid', state };
    url.search = new URLSearchParams({ ...request, ...pkce, ...more }).toString();
    const browser = new PlainBrowser(server);
    return { state, shown: await browser.signIn(await browser.open(url)) };
  }

  test.each(['jwt', 'query.jwt', 'fragment.jwt', 'form_post.jwt'])(
    'verifies the answer of response_mode=%s, and takes no other state for it',
    async (response_mode) => {
      const { shown, state } = await ask({ response_mode });
      const sent = response_mode.startsWith('form_post')
        ? formOf(shown).body
        : new URLSearchParams(response_mode.startsWith('fragment') ? shown.url.hash.slice(1) : shown.url.search);
      const answer = new URLSearchParams(sent);
      expect([...answer.keys()]).toEqual(['response']);
      const party = { client_id: 'jarm' };
      const parameters = await oauth.validateJwtAuthResponse(as, party, answer, state, options);
      expect(parameters.get('code')).toMatch(/^[\w-]{43}$/);
      await expect(oauth.validateJwtAuthResponse(as, party, answer, 'another', options)).rejects.toThrow(/"state"/);
    },
  );

  test('takes no answer of another issuer, and none for another client', async () => {
    const { shown, state } = await ask({ response_mode: 'jwt' });
    const answer = shown.url.searchParams;
    const other = { ...as, issuer: 'https://evil.example.com' };
    await expect(oauth.validateJwtAuthResponse(other, { client_id: 'jarm' }, answer, state, options)).rejects.toThrow(
      /"iss"/,
    );
    await expect(oauth.validateJwtAuthResponse(as, { client_id: 'else' }, answer, state, options)).rejects.toThrow(
      /"aud"/,
    );
  });

  async function tokenOf(party: string): Promise<string> {
    const response = await oauth.clientCredentialsGrantRequest(as, { client_id: party }, secret, {}, options);
    return (await oauth.processClientCredentialsResponse(as, { client_id: party }, response)).access_token;
  }

  async function introspect(party: oauth.Client, token: string) {
    const asking = { ...options, requestJwtResponse: true };
    const response = await oauth.introspectionRequest(as, party, secret, token, asking);
    const body = await oauth.processIntrospectionResponse(as, party, response, { [oauth.jweDecrypt]: decrypt });
    await oauth.validateApplicationLevelSignature(as, response, options);
    return { type: response.headers.get('content-type'), body };
  }

  test('asks about a token and verifies the answer as a JWT (RFC 9701)', async () => {
    const token = await tokenOf('simple_client');
    const { type, body } = await introspect({ client_id: 'simple_client' }, token);
    expect(type).toMatch('application/token-introspection+jwt');
    expect(body).toMatchObject({ active: true, client_id: 'simple_client' });
  });

  test('an access token that is encrypted to its API is opened there, and known here in both forms', async () => {
    const jwe = await tokenOf('of_reader');
    const { plaintext, protectedHeader } = await compactDecrypt(jwe, rsaKey.key.key);
    expect(protectedHeader).toMatchObject({ alg: rsa.alg, cty: 'at+jwt', kid: rsa.kid });
    const request = new Request('https://reader.example.com', {
      headers: { authorization: `Bearer ${new TextDecoder().decode(plaintext)}` },
    });
    expect(await oauth.validateJwtAccessToken(as, request, 'reader', options)).toMatchObject({
      client_id: 'of_reader',
    });
    for (const token of [jwe, new TextDecoder().decode(plaintext)]) {
      expect((await introspect({ client_id: 'reader' }, token)).body).toMatchObject({ active: true, aud: 'reader' });
    }
  });
});
