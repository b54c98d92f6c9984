import 'reflect-metadata';
import { Controller, Get, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AccountsModule } from '@tessera/accounts';
import { JwtGuardModule } from '@tessera/jwt-guard';
import { PagesModule } from '@tessera/pages';
import { type ClientInit, Secret, sha256 } from '@tessera/token-server';
import { decodeJwt } from 'jose';
import * as oauth from 'oauth4webapi';
import * as client from 'openid-client';
import { PlainBrowser } from '../plain-browser.js';
import { type RunningServer, startServer } from '../running-server.js';

const redirectUri = 'https://app.example.com/callback';
const scope = 'openid profile api1 offline_access';
const isPublic = { clientSecrets: [], requireClientSecret: false };
const dpop = { requireNonce: true, nonceSecret: 'a secret of all nodes of this server' };

function web(clientId: string, more: Partial<ClientInit> = {}): ClientInit {
  return {
    clientId,
    allowedGrantTypes: ['authorization_code'],
    clientSecrets: [new Secret(sha256('secret'))],
    redirectUris: [redirectUri],
    allowedScopes: ['openid', 'profile', 'api1'],
    allowOfflineAccess: true,
    ...more,
  };
}

describe('A server that requires nonces, and people who sign in', () => {
  let server: RunningServer;
  beforeAll(async () => {
    const clients = [
      web('web', { requireDpop: true }),
      web('spa', isPublic),
      web('opaque', { accessTokenType: 'reference' }),
    ];
    server = await startServer({ options: { clients, dpop, imports: [AccountsModule, PagesModule] }, tls: true });
  });
  afterAll(() => server.close());

  const keys = () => client.randomDPoPKeyPair('ES256');
  const jktOf = (token: string) => (decodeJwt(token).cnf as { jkt: string }).jkt;

  describe.each([
    ['confidential', 'web', () => client.ClientSecretBasic('secret')],
    ['public', 'spa', () => client.None()],
  ] as const)('openid-client, %s', (_kind, clientId, authentication) => {
    let config: client.Configuration;
    beforeAll(async () => {
      config = await client.discovery(new URL(server.url), clientId, undefined, authentication(), {
        [client.customFetch]: server.fetch,
      });
    });

    /** Through the pages to a code, and what redeems it; `pushed`: with the proof of that key. */
    async function signIn(more: Record<string, string> = {}, pushed?: client.DPoPHandle) {
      const verifier = client.randomPKCECodeVerifier();
      const asked = {
        redirect_uri: redirectUri,
        scope,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...more,
      };
      const url = pushed
        ? await client.buildAuthorizationUrlWithPAR(config, asked, { DPoP: pushed })
        : client.buildAuthorizationUrl(config, asked);
      const browser = new PlainBrowser(server);
      const { url: back } = await browser.signIn(await browser.open(url));
      return [config, back, { pkceCodeVerifier: verifier, idTokenExpected: true }] as const;
    }

    test('redeems a code, reads userinfo and refreshes, trying again with the nonces it is given', async () => {
      const DPoP = client.getDPoPHandle(config, await keys());
      const thumbprint = await DPoP.calculateThumbprint();
      const tokens = await client.authorizationCodeGrant(...(await signIn()), undefined, { DPoP });
      expect([tokens.token_type, jktOf(tokens.access_token)]).toEqual(['dpop', thumbprint]);
      expect(await client.fetchUserInfo(config, tokens.access_token, '1', { DPoP })).toMatchObject({ sub: '1' });

      const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token!, undefined, { DPoP });
      expect([refreshed.token_type, jktOf(refreshed.access_token)]).toEqual(['dpop', thumbprint]);
      expect(await client.fetchUserInfo(config, refreshed.access_token, '1', { DPoP })).toMatchObject({ sub: '1' });
    });

    test('RFC 9449 §10: a code that was asked for with dpop_jkt is redeemed with that key', async () => {
      const DPoP = client.getDPoPHandle(config, await keys());
      const grant = await signIn({ dpop_jkt: await DPoP.calculateThumbprint() });
      const tokens = await client.authorizationCodeGrant(...grant, undefined, { DPoP });
      expect(jktOf(tokens.access_token)).toBe(await DPoP.calculateThumbprint());
    });

    test('RFC 9449 §10.1: a proof with the pushed request binds the code to its key', async () => {
      const DPoP = client.getDPoPHandle(config, await keys());
      const grant = await signIn({}, DPoP);
      const thief = client.getDPoPHandle(config, await keys());
      const stolen = client.authorizationCodeGrant(...grant, undefined, { DPoP: thief });
      await expect(stolen).rejects.toMatchObject({ error: 'invalid_grant' });
      const tokens = await client.authorizationCodeGrant(...grant, undefined, { DPoP });
      expect(jktOf(tokens.access_token)).toBe(await DPoP.calculateThumbprint());
    });
  });

  test('oauth4webapi: a code, userinfo and a refresh for opaque tokens, each again where a nonce is asked for', async () => {
    const options = { [oauth.customFetch]: server.fetch };
    const issuer = new URL(server.url);
    const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options));
    expect(as.dpop_signing_alg_values_supported).toContain('ES256');
    const party: oauth.Client = { client_id: 'opaque' };
    const secret = oauth.ClientSecretBasic('secret');
    const DPoP = oauth.DPoP(party, await oauth.generateKeyPair('ES256'));
    const withProof = { ...options, DPoP };
    const [state, verifier] = [oauth.generateRandomState(), oauth.generateRandomCodeVerifier()];
    const asked = {
      ...{ client_id: 'opaque', redirect_uri: redirectUri, response_type: 'code', scope, state },
      ...{ code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' },
      dpop_jkt: await DPoP.calculateThumbprint(),
    };
    const browser = new PlainBrowser(server);
    const page = await browser.open(`${as.authorization_endpoint}?${new URLSearchParams(asked).toString()}`);
    const callback = oauth.validateAuthResponse(as, party, (await browser.signIn(page)).url, state);

    const redeem = async () =>
      oauth.processAuthorizationCodeResponse(
        as,
        party,
        await oauth.authorizationCodeGrantRequest(as, party, secret, callback, redirectUri, verifier, withProof),
      );
    // The refusal does not use the code up.
    const first = await redeem().catch((error: unknown) => error);
    expect(oauth.isDPoPNonceError(first)).toBe(true);
    const tokens = await redeem();
    expect([tokens.token_type, tokens.access_token]).toEqual(['dpop', expect.stringMatching(/^[\w-]{43}$/)]);

    const answer = await oauth.userInfoRequest(as, party, tokens.access_token, withProof);
    expect(await oauth.processUserInfoResponse(as, party, '1', answer)).toMatchObject({ sub: '1' });
    const refresh = await oauth.refreshTokenGrantRequest(as, party, secret, tokens.refresh_token!, withProof);
    expect((await oauth.processRefreshTokenResponse(as, party, refresh)).token_type).toBe('dpop');
  });
});

@Controller('orders')
class OrdersController {
  @Get()
  list(): object {
    return { orders: [] };
  }
}

describe('An API behind the guard that takes bound tokens alone', () => {
  let server: RunningServer;
  let api: INestApplication;
  let orders: URL;
  beforeAll(async () => {
    const machine = (clientId: string, more: Partial<ClientInit> = {}) =>
      web(clientId, { allowedGrantTypes: ['client_credentials'], allowedScopes: ['api1'], ...more });
    const clients = [machine('machine'), machine('opaque', { accessTokenType: 'reference' })];
    server = await startServer({ options: { clients } });
    class AppModule {}
    const guard = JwtGuardModule.forRoot({
      issuer: server.url,
      audience: 'api1',
      dpop: 'required',
      introspection: { clientId: 'api1', clientSecret: 'secret' },
    });
    const root = { module: AppModule, imports: [guard], controllers: [OrdersController] };
    api = await NestFactory.create(root, new FastifyAdapter(), { logger: false });
    await api.listen(0, '127.0.0.1');
    orders = new URL(`${await api.getUrl()}/orders`);
  });
  afterAll(async () => {
    await api.close();
    await server.close();
  });

  test.each(['machine', 'opaque'])('accepts what the server issues to %s, with proofs of the key', async (clientId) => {
    const config = await client.discovery(new URL(server.url), clientId, 'secret', undefined, {
      execute: [client.allowInsecureRequests],
    });
    const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair());
    const { access_token: token } = await client.clientCredentialsGrant(config, undefined, { DPoP });
    const ask = (headers?: Headers, more?: client.DPoPOptions) =>
      client.fetchProtectedResource(config, token, orders, 'GET', undefined, headers, more);
    expect((await ask(undefined, { DPoP })).status).toBe(200);
    expect((await ask(undefined, { DPoP })).status).toBe(200);

    const refusal = { cause: [expect.objectContaining({ scheme: 'dpop' })], status: 401 };
    const thief = client.getDPoPHandle(config, await client.randomDPoPKeyPair());
    await expect(ask(undefined, { DPoP: thief })).rejects.toMatchObject(refusal);
    await expect(ask()).rejects.toMatchObject({ status: 401 });
    const bare = await client.clientCredentialsGrant(config);
    const unbound = await fetch(orders, { headers: { authorization: `Bearer ${bare.access_token}` } });
    expect(unbound.status).toBe(401);
  });
});
