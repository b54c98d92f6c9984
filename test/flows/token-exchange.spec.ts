import { generateKeyPairSync } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Controller, Get, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AccessToken, type AccessTokenClaims, JwtGuardModule, RequireScopes } from '@tessera/jwt-guard';
import { ApiResource, type ClientInit, GrantTypes, Secret, sha256 } from '@tessera/token-server';
import { exportJWK, SignJWT } from 'jose';
import * as oauth from 'oauth4webapi';
import * as client from 'openid-client';
import { type RunningServer, seed, startServer } from '../running-server.js';

// A shop calls the API of its orders, which asks the API of the payments on the person's behalf; and a partner sends people who have signed in with it.

const accessToken = 'urn:ietf:params:oauth:token-type:access_token';
const partner = 'https://id.partner.example';
const partnerKeys = generateKeyPairSync('ed25519');

const confidential = (clientId: string, more: Partial<ClientInit>): ClientInit => ({
  clientId,
  allowedGrantTypes: ['client_credentials'],
  clientSecrets: [new Secret(sha256('secret'))],
  ...more,
});
const clients = [
  confidential('shop', { allowedGrantTypes: ['password'], allowedScopes: ['orders', 'openid'] }),
  confidential('orders_backend', {
    allowedGrantTypes: [GrantTypes.tokenExchange],
    allowedScopes: ['payments'],
    tokenExchange: {
      subjectTokenClients: ['shop'],
      subjectTokenAudiences: ['orders'],
      audiences: ['payments'],
      scopes: { orders: ['payments'] },
      actorTokenClients: ['robot'],
    },
  }),
  confidential('robot', { allowedScopes: ['orders'] }),
  confidential('partner_app', { allowedGrantTypes: [GrantTypes.jwtBearer], allowedScopes: ['orders'] }),
];

/** Says who pays, and who asked for it. */
@Controller('payments')
class PaymentsController {
  @Get()
  @RequireScopes('payments')
  pay(@AccessToken() { sub, act, client_id }: AccessTokenClaims): object {
    return { payer: sub, act, by: client_id };
  }
}

class PaymentsModule {}

let server: RunningServer;
let payments: INestApplication;

beforeAll(async () => {
  const publicJwk = { ...(await exportJWK(partnerKeys.publicKey)), kid: 'partner' };
  const trusted = { issuer: partner, jwks: { keys: [publicJwk] }, clients: ['partner_app'], scopes: ['orders'] };
  server = await startServer({
    options: {
      signingAlgorithms: ['ES256'],
      apiResources: [new ApiResource('orders', 'Orders'), new ApiResource('payments', 'Payments')],
      clients,
      users: seed.users,
      trustedIssuers: [{ ...trusted, sameSubjects: true }],
    },
  });
  const guard = JwtGuardModule.forRoot({ issuer: server.url, audience: 'payments' });
  const module = { module: PaymentsModule, imports: [guard], controllers: [PaymentsController] };
  payments = await NestFactory.create(module, new FastifyAdapter(), { logger: false });
  await payments.listen(0, '127.0.0.1');
});
afterAll(async () => {
  await payments?.close();
  await server?.close();
});

const discover = (clientId: string) =>
  client.discovery(new URL(server.url), clientId, 'secret', client.ClientSecretBasic('secret'), {
    execute: [client.allowInsecureRequests],
  });

async function shopToken(): Promise<string> {
  const credentials = { username: 'alice', password: 'alice', scope: 'orders' };
  return (await client.genericGrantRequest(await discover('shop'), 'password', credentials)).access_token;
}

async function pay(token: string): Promise<[number, unknown]> {
  const { port } = payments.getHttpServer().address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/payments`, { headers: { authorization: `Bearer ${token}` } });
  return [response.status, response.ok ? await response.json() : undefined];
}

describe('An API that acts for a person at another API', () => {
  test('exchanges the token it was sent by openid-client, and the other API reads who acts', async () => {
    const subject_token = await shopToken();
    expect((await pay(subject_token))[0]).toBe(401);
    const exchanged = await client.genericGrantRequest(await discover('orders_backend'), GrantTypes.tokenExchange, {
      subject_token,
      subject_token_type: accessToken,
      audience: 'payments',
    });
    expect(exchanged).toMatchObject({ issued_token_type: accessToken, token_type: 'bearer', scope: 'payments' });
    expect(await pay(exchanged.access_token)).toEqual([
      200,
      { payer: '1', act: { sub: 'orders_backend' }, by: 'orders_backend' },
    ]);
  });

  test('names another actor by oauth4webapi', async () => {
    const options = { [oauth.allowInsecureRequests]: true };
    const issuer = new URL(server.url);
    const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options));
    expect(as.grant_types_supported).toEqual(expect.arrayContaining([GrantTypes.tokenExchange, GrantTypes.jwtBearer]));
    const robot = await client.clientCredentialsGrant(await discover('robot'));
    const form = {
      subject_token: await shopToken(),
      subject_token_type: accessToken,
      actor_token: robot.access_token,
      actor_token_type: accessToken,
    };
    const backend = { client_id: 'orders_backend' };
    const secret = oauth.ClientSecretBasic('secret');
    const response = await oauth.genericTokenEndpointRequest(
      as,
      backend,
      secret,
      GrantTypes.tokenExchange,
      form,
      options,
    );
    const { access_token } = await oauth.processGenericTokenEndpointResponse(as, backend, response);
    expect((await pay(access_token))[1]).toEqual({ payer: '1', act: { sub: 'robot' }, by: 'orders_backend' });
  });

  test('is told what it may not do', async () => {
    const refused = client.genericGrantRequest(await discover('orders_backend'), GrantTypes.tokenExchange, {
      subject_token: await shopToken(),
      subject_token_type: accessToken,
      audience: 'orders',
    });
    await expect(refused).rejects.toMatchObject({ error: 'invalid_target', status: 400 });
  });
});

describe('An application of a partner', () => {
  const assertion = (sub: string) =>
    new SignJWT({})
      .setProtectedHeader({ alg: 'EdDSA', kid: 'partner' })
      .setIssuer(partner)
      .setSubject(sub)
      .setAudience(server.url)
      .setIssuedAt()
      .setExpirationTime('1 minute')
      .setJti(`${Math.random()}`)
      .sign(partnerKeys.privateKey);

  test('gets a token for a person whom the partner signed in', async () => {
    const config = await discover('partner_app');
    const tokens = await client.genericGrantRequest(config, GrantTypes.jwtBearer, { assertion: await assertion('2') });
    expect(tokens).toMatchObject({ token_type: 'bearer', scope: 'orders' });
    expect(tokens.refresh_token).toBeUndefined();
    const [, payload] = tokens.access_token.split('.');
    expect(JSON.parse(Buffer.from(payload!, 'base64url').toString())).toMatchObject({ sub: '2', aud: 'orders' });
  });

  test('gets none for a person who is not here', async () => {
    const form = { assertion: await assertion('nobody') };
    const refused = client.genericGrantRequest(await discover('partner_app'), GrantTypes.jwtBearer, form);
    await expect(refused).rejects.toMatchObject({ error: 'invalid_grant', status: 400 });
  });
});
