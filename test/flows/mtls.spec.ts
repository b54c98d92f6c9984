import 'reflect-metadata';
import { X509Certificate } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { Controller, Get, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AccountsModule } from '@tessera/accounts';
import { JwtGuardModule } from '@tessera/jwt-guard';
import { type ClientInit, Secret, sha256, TokenServerModule } from '@tessera/token-server';
import { decodeJwt, importPKCS8, SignJWT } from 'jose';
import * as oauth from 'oauth4webapi';
import * as client from 'openid-client';
import {
  commonName,
  selfSigned,
  type TestCertificate,
  TestAuthority,
} from '../../libs/token-server/src/possession/certificates.spec.fixture.js';
import { developmentTls, fetchTrusting } from '../development-tls.js';
import { requestsTo } from '../requests.js';
import { basic, bearer, type RunningServer, startServer } from '../running-server.js';

@Controller('things')
class ThingsController {
  @Get()
  list(): object {
    return { ok: true };
  }
}

const scope = 'openid profile api1 offline_access';
const allowed = {
  allowedScopes: ['api1', 'openid', 'profile'],
  allowOfflineAccess: true,
  tlsClientCertificateBoundAccessTokens: true,
};

let issued: TestCertificate;
let own: TestCertificate;
let other: TestCertificate;
let server: RunningServer;
let api: INestApplication;
/** Asks the API, with a certificate or without one. */
let ask: (token: string, certificate?: TestCertificate) => Promise<number>;

function clients(): ClientInit[] {
  const jwk = new X509Certificate(own.cert).publicKey.export({ format: 'jwk' });
  return [
    {
      ...allowed,
      clientId: 'bank',
      allowedGrantTypes: ['client_credentials', 'password'],
      tokenEndpointAuthMethod: 'tls_client_auth',
      tlsClientAuthSubjectDn: 'CN=client,O=Bank\\, Inc.,C=DE',
    },
    {
      ...allowed,
      clientId: 'own',
      allowedGrantTypes: ['client_credentials', 'password'],
      accessTokenType: 'reference',
      tokenEndpointAuthMethod: 'self_signed_tls_client_auth',
      jwks: { keys: [{ ...jwk, kty: 'EC', kid: 'own' }] },
    },
    {
      ...allowed,
      clientId: 'jwt',
      allowedGrantTypes: ['client_credentials'],
      allowEndpointAudiences: true,
      jwks: { keys: [{ ...jwk, kty: 'EC' }] },
    },
    { ...allowed, clientId: 'app', allowedGrantTypes: ['password'], requireClientSecret: false },
    { ...allowed, clientId: 'web', allowedGrantTypes: ['password'], clientSecrets: [new Secret(sha256('secret'))] },
  ];
}

beforeAll(async () => {
  const authority = await TestAuthority.create('Bank CA');
  issued = await authority.issue({ subject: [{ C: ['DE'] }, { O: ['Bank, Inc.'] }, { CN: ['client'] }] });
  own = await selfSigned({ subject: commonName('own') });
  other = await selfSigned({ subject: commonName('other') });
  server = await startServer({
    tls: true,
    // One listener known by two names, as if certificates were asked for at the second alone.
    module: (options) => {
      const baseUrl = options.issuer.replace('127.0.0.1', 'localhost');
      return TokenServerModule.forRoot({ ...options, mtls: { ...options.mtls!, baseUrl } });
    },
    options: {
      imports: [AccountsModule],
      mtls: { certificate: 'socket', certificateAuthorities: [authority.cert] },
      clients: clients(),
    },
  });
  await startApi();
});
afterAll(async () => {
  await api?.close();
  await server?.close();
});

/** Where tokens come in only with their certificate. */
async function startApi(): Promise<void> {
  const tls = await developmentTls();
  const { body: jwks } = await server.send('.well-known/openid-configuration/jwks');
  const guard = JwtGuardModule.forRoot({ issuer: server.url, audience: 'api1', jwks, mtls: 'required' });
  class ApiModule {}
  api = await NestFactory.create(
    { module: ApiModule, imports: [guard], controllers: [ThingsController] },
    new FastifyAdapter({ https: { ...tls, requestCert: true, rejectUnauthorized: false } }),
    { logger: false },
  );
  await api.listen(0, '127.0.0.1');
  const things = `https://127.0.0.1:${(api.getHttpServer().address() as AddressInfo).port}/things`;
  ask = async (token, certificate) =>
    (await fetchTrusting(tls.ca, certificate)(things, { headers: bearer(token) })).status;
}

/** Nothing but what every user of the library writes; the fetch is where the certificate is. */
function discover(clientId: string, certificate: TestCertificate, authentication = client.TlsClientAuth()) {
  const metadata = { use_mtls_endpoint_aliases: true };
  return client.discovery(new URL(server.url), clientId, metadata, authentication, {
    [client.customFetch]: server.fetchAs(certificate),
  });
}

const signIn = (config: client.Configuration) =>
  client.genericGrantRequest(config, 'password', { username: 'alice', password: 'alice', scope });

describe('openid-client', () => {
  test('finds the endpoints at the host for certificates (RFC 8705 §5), and what the server can do (§3.3)', async () => {
    const config = await discover('bank', issued);
    const base = server.url.replace('127.0.0.1', 'localhost');
    expect(config.serverMetadata()).toMatchObject({
      issuer: server.url,
      token_endpoint: `${server.url}/connect/token`,
      tls_client_certificate_bound_access_tokens: true,
      token_endpoint_auth_methods_supported: expect.arrayContaining([
        'tls_client_auth',
        'self_signed_tls_client_auth',
      ]) as unknown,
      mtls_endpoint_aliases: {
        token_endpoint: `${base}/connect/token`,
        userinfo_endpoint: `${base}/connect/userinfo`,
        introspection_endpoint: `${base}/connect/introspect`,
        revocation_endpoint: `${base}/connect/revocation`,
      },
    });
    expect(config.serverMetadata().mtls_endpoint_aliases).not.toHaveProperty('authorization_endpoint');
  });

  test('authenticates by a certificate of an authority, and its token is bound to it (RFC 8705 §2.1, §3.1)', async () => {
    const tokens = await client.clientCredentialsGrant(await discover('bank', issued), { scope: 'api1' });
    expect(decodeJwt(tokens.access_token)).toMatchObject({
      iss: server.url,
      client_id: 'bank',
      cnf: { 'x5t#S256': issued.thumbprint },
    });
    expect(await ask(tokens.access_token, issued)).toBe(200);
    expect(await ask(tokens.access_token, own)).toBe(401);
    expect(await ask(tokens.access_token)).toBe(401);
  });

  test('authenticates by a self-signed certificate; introspection says what its token is bound to (RFC 8705 §2.2, §3.2)', async () => {
    const config = await discover('own', own);
    const tokens = await client.clientCredentialsGrant(config, { scope: 'api1' });
    expect(await client.tokenIntrospection(config, tokens.access_token)).toMatchObject({
      active: true,
      cnf: { 'x5t#S256': own.thumbprint },
    });
    await client.tokenRevocation(config, tokens.access_token);
    expect(await client.tokenIntrospection(config, tokens.access_token)).toEqual({ active: false });
  });

  test('reads userinfo and refreshes with its certificate; one that proves itself may renew the certificate', async () => {
    const config = await discover('web', own, client.ClientSecretPost('secret'));
    const tokens = await signIn(config);
    expect(await client.fetchUserInfo(config, tokens.access_token, '1')).toMatchObject({ sub: '1' });
    const renewed = await discover('web', other, client.ClientSecretPost('secret'));
    const refreshed = await client.refreshTokenGrant(renewed, tokens.refresh_token!);
    expect(decodeJwt(refreshed.access_token).cnf).toEqual({ 'x5t#S256': other.thumbprint });
    expect(await client.fetchUserInfo(renewed, refreshed.access_token, '1')).toMatchObject({ sub: '1' });
  });

  test('RFC 8705 §4: the refresh token of a public client is bound to the certificate as well', async () => {
    const config = await discover('app', own, client.None());
    const tokens = await signIn(config);
    const thief = await discover('app', other, client.None());
    await expect(client.refreshTokenGrant(thief, tokens.refresh_token!)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token!);
    expect(decodeJwt(refreshed.access_token).cnf).toEqual({ 'x5t#S256': own.thumbprint });
  });
});

describe('oauth4webapi', () => {
  test('authenticates by its certificate at the issuer’s own address as well', async () => {
    const fetch = { [oauth.customFetch]: server.fetchAs(issued) };
    const issuer = new URL(server.url);
    const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, fetch));
    const bank = { client_id: 'bank' };
    const parameters = new URLSearchParams({ scope: 'api1' });
    const answer = await oauth.clientCredentialsGrantRequest(as, bank, oauth.TlsClientAuth(), parameters, fetch);
    const { access_token: token } = await oauth.processClientCredentialsResponse(as, bank, answer);
    expect(await ask(token, issued)).toBe(200);
  });

  test('RFC 8705 §5, RFC 9449 §4.3: a DPoP proof may name the endpoint by its alias, and a token be bound to both', async () => {
    const DPoP = client.getDPoPHandle(await discover('web', own, client.ClientSecretPost('secret')), await client.randomDPoPKeyPair('ES256')); // prettier-ignore
    const config = await discover('web', own, client.ClientSecretPost('secret'));
    const parameters = { username: 'alice', password: 'alice', scope };
    const tokens = await client.genericGrantRequest(config, 'password', parameters, { DPoP });
    expect(decodeJwt(tokens.access_token).cnf).toEqual({
      'x5t#S256': own.thumbprint,
      jkt: await DPoP.calculateThumbprint(),
    });
    expect(await client.fetchUserInfo(config, tokens.access_token, '1', { DPoP })).toMatchObject({ sub: '1' });
    const stolen = await discover('web', other, client.ClientSecretPost('secret'));
    await expect(client.fetchUserInfo(stolen, tokens.access_token, '1', { DPoP })).rejects.toMatchObject({
      status: 401,
    });
  });
});

describe('A client that signs assertions', () => {
  test('may name an endpoint by its alias (RFC 8705 §5), where it may name endpoints at all', async () => {
    const base = server.url.replace('127.0.0.1', 'localhost');
    const send = async (audience: string) => {
      const assertion = new SignJWT({ jti: audience, sub: 'jwt', iss: 'jwt' }).setAudience(audience);
      const key = await importPKCS8(own.key, 'ES256');
      return requestsTo(base, server.fetchAs(own)).form('connect/token', {
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: await assertion.setProtectedHeader({ alg: 'ES256' }).setExpirationTime('1m').sign(key),
      });
    };
    for (const audience of [`${base}/connect/token`, `${server.url}/connect/token`]) {
      expect((await send(audience)).status).toBe(200);
    }
    expect((await send('https://elsewhere.example.com/connect/token')).status).toBe(401);
  });
});

describe('Without a certificate', () => {
  test('RFC 8705 §3: a client whose tokens have to be bound gets none', async () => {
    const form = { grant_type: 'password', username: 'alice', password: 'alice', scope: 'api1' };
    const answer = await server.form('connect/token', form, basic('web'));
    expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request']);
    expect(answer.body.error_description).toContain('client certificate');
  });

  test('RFC 8705 §2: a client that authenticates by one is not authenticated', async () => {
    for (const clientId of ['bank', 'own']) {
      const form = { grant_type: 'client_credentials', client_id: clientId };
      const answer = await server.form('connect/token', form);
      expect([answer.status, answer.body.error]).toEqual([401, 'invalid_client']);
    }
  });
});
