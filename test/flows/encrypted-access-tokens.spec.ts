import 'reflect-metadata';
import { generateKeyPairSync } from 'node:crypto';
import { Controller, Get, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { JwtGuardModule, RequireScopes, Subject } from '@tessera/jwt-guard';
import { ApiResource, type ClientInit, GrantTypes, Secret, sha256 } from '@tessera/token-server';
import { compactDecrypt, decodeJwt, importJWK, type JWK } from 'jose';
import * as client from 'openid-client';
import { basic, bearer, type RunningServer, seed, startServer } from '../running-server.js';

@Controller('payments')
class PaymentsController {
  @Get()
  @RequireScopes('payments')
  list(@Subject() subject: string): object {
    return { paymentsOf: subject };
  }
}

/** A private key of an API as it stands in its configuration, and the public half that its issuer is given. */
function apiKey(kid: string, kind: 'RSA' | 'EC') {
  const { privateKey, publicKey } =
    kind === 'RSA'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    privateJwk: { ...(privateKey.export({ format: 'jwk' }) as JWK), kid },
    publicJwk: { ...publicKey.export({ format: 'jwk' }), kid },
  };
}

const rsa = apiKey('payments-1', 'RSA');
const curve = apiKey('payments-2', 'EC');
/** An API that does not say how a token is to be encrypted has it in the clear; its guard wants it encrypted all the same. */
const audiences = ['payments', 'curve', 'plain'];

const machine = (clientId: string, more: Partial<ClientInit> = {}): ClientInit => ({
  clientId,
  allowedGrantTypes: ['client_credentials'],
  clientSecrets: [new Secret(sha256('secret'))],
  allowedScopes: ['payments', 'curve', 'plain'],
  ...more,
});

let server: RunningServer;
let api: INestApplication;
let payments: URL;

beforeAll(async () => {
  const apiSecrets = [new Secret(sha256('secret'))];
  const apiResources = [
    new ApiResource('payments', 'Opens what is encrypted to it', {
      apiSecrets,
      encryptionJwk: rsa.publicJwk,
      accessTokenEncryptionAlg: 'RSA-OAEP-256',
      accessTokenEncryptionEnc: 'A256GCM',
    }),
    new ApiResource('curve', 'The same with a curve', {
      scopes: ['curve'],
      encryptionJwk: curve.publicJwk,
      accessTokenEncryptionAlg: 'ECDH-ES',
    }),
    new ApiResource('plain', 'Has no key'),
  ];
  const backend = machine('payments_backend', {
    allowedGrantTypes: [GrantTypes.tokenExchange],
    tokenExchange: {
      subjectTokenClients: ['counter'],
      subjectTokenAudiences: ['payments'],
      audiences: ['curve'],
      scopes: { payments: ['curve'] },
    },
  });
  const people = machine('counter', { allowedGrantTypes: ['password'] });
  const clients = [machine('shop'), people, machine('opaque', { accessTokenType: 'reference' }), backend];
  server = await startServer({ options: { apiResources, clients, users: seed.users } });
  class AppModule {}
  const guard = JwtGuardModule.forRoot({
    issuer: server.url,
    audience: audiences,
    dpop: 'allowed',
    decryption: { keys: [rsa.privateJwk, curve.privateJwk], required: true },
    introspection: { clientId: 'payments', clientSecret: 'secret' },
  });
  const root = { module: AppModule, imports: [guard], controllers: [PaymentsController] };
  api = await NestFactory.create(root, new FastifyAdapter(), { logger: false });
  await api.listen(0, '127.0.0.1');
  payments = new URL(`${await api.getUrl()}/payments`);
});
afterAll(async () => {
  await api?.close();
  await server?.close();
});

const config = async (clientId = 'shop') =>
  client.discovery(new URL(server.url), clientId, 'secret', undefined, { execute: [client.allowInsecureRequests] });
const tokenFor = async (scope: string, clientId?: string) =>
  (await client.clientCredentialsGrant(await config(clientId), { scope })).access_token;
const ask = async (token: string) => {
  const response = await fetch(payments, { headers: bearer(token) });
  return [response.status, ((await response.json()) as { error?: string }).error];
};
const open = async (token: string) => {
  const { plaintext } = await compactDecrypt(token, await importJWK(rsa.privateJwk, 'RSA-OAEP-256'));
  return new TextDecoder().decode(plaintext);
};

describe('An API with a key of its own behind the guard', () => {
  test('opens the token that the server encrypted to it, first and again', async () => {
    const token = await tokenFor('payments');
    expect(token.split('.')).toHaveLength(5);
    for (let time = 0; time < 2; time++) {
      const response = await fetch(payments, { headers: bearer(token) });
      expect([response.status, await response.json()]).toEqual([200, { paymentsOf: 'shop' }]);
    }
  });

  test('finds the right one of its keys, and asks for scopes as ever', async () => {
    expect(await ask(await tokenFor('curve'))).toEqual([403, 'insufficient_scope']);
  });

  test('refuses a token in the clear: one for an API without a key, and the one that it took out itself (RFC 9068 §4)', async () => {
    expect(await ask(await tokenFor('plain'))).toEqual([401, 'invalid_token']);
    expect(await ask(await open(await tokenFor('payments')))).toEqual([401, 'invalid_token']);
  });

  test('asks about a reference token, in which there is nothing to read', async () => {
    expect(await ask(await tokenFor('payments', 'opaque'))).toEqual([200, undefined]);
  });

  test('takes a bound one with proofs over the encrypted token (RFC 9449 §4.2), and none without', async () => {
    const shop = await config();
    const DPoP = client.getDPoPHandle(shop, await client.randomDPoPKeyPair());
    const { access_token: token } = await client.clientCredentialsGrant(shop, { scope: 'payments' }, { DPoP });
    expect(token.split('.')).toHaveLength(5);
    const send = (more?: client.DPoPOptions) =>
      client.fetchProtectedResource(shop, token, payments, 'GET', undefined, undefined, more);
    for (let time = 0; time < 2; time++) expect((await send({ DPoP })).status).toBe(200);
    const thief = client.getDPoPHandle(shop, await client.randomDPoPKeyPair());
    await expect(send({ DPoP: thief })).rejects.toMatchObject({ status: 401 });
    await expect(send()).rejects.toMatchObject({ status: 401 });
  });

  test.each(['as it came', 'as it was inside'])(
    'may exchange it for a token that another API alone can open, %s (RFC 8693)',
    async (form) => {
      const signIn = { username: 'alice', password: 'alice', scope: 'payments' };
      const { access_token: token } = await client.genericGrantRequest(await config('counter'), 'password', signIn);
      const { access_token: exchanged } = await client.genericGrantRequest(
        await config('payments_backend'),
        GrantTypes.tokenExchange,
        {
          subject_token: form === 'as it came' ? token : await open(token),
          subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
          audience: 'curve',
        },
      );
      const { plaintext } = await compactDecrypt(exchanged, await importJWK(curve.privateJwk, 'ECDH-ES'));
      const claims = decodeJwt(new TextDecoder().decode(plaintext));
      expect(claims).toMatchObject({ aud: 'curve', client_id: 'payments_backend', act: { sub: 'payments_backend' } });
    },
  );

  test('may ask the server about it in both forms, and the server about both that the client took back (RFC 7662, RFC 7009)', async () => {
    const token = await tokenFor('payments');
    const inner = await open(token);
    const introspect = async (form: string) =>
      (await server.form('connect/introspect', { token: form }, basic('payments'))).body;
    expect(await ask(token)).toEqual([200, undefined]);
    const known = await introspect(token);
    expect(known).toMatchObject({ active: true, aud: 'payments', client_id: 'shop' });
    expect(await introspect(inner)).toEqual(known);
    await server.form('connect/revocation', { token }, basic('shop'));
    for (const form of [token, inner]) expect(await introspect(form)).toEqual({ active: false });
  });
});
