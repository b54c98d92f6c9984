import 'reflect-metadata';
import { createHmac, createPublicKey } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ApiResource,
  ApiScope,
  type ClientInit,
  KeyRing,
  Secret,
  sha256,
  SigningKeyStore,
} from '@tessera/token-server';
import { AppModule } from '../../apps/sample-api/src/app.module.js';
import { basic, type RunningServer, seed, startServer } from '../running-server.js';

// The server that issues and the guard that accepts, as they meet in the world: what one gives for one purpose, the
// other must not take for another.

const machine = (clientId: string, more: Partial<ClientInit>): ClientInit => ({
  clientId,
  allowedGrantTypes: ['client_credentials'],
  clientSecrets: [new Secret(sha256('secret'))],
  ...more,
});

let server: RunningServer;
let api: INestApplication;
let orders: string;

beforeAll(async () => {
  server = await startServer({
    options: {
      signingAlgorithms: ['ES256', 'RS256'],
      apiScopes: [new ApiScope('api1.status')],
      apiResources: [
        new ApiResource('api1', 'My API', { scopes: ['api1', 'api1.status'] }),
        new ApiResource('api2', 'Another API'),
        new ApiResource('api3', 'One with rules', { allowedAccessTokenSigningAlgorithms: ['RS256'] }),
      ],
      clients: [
        ...seed.clients,
        machine('status_client', { allowedScopes: ['api1.status'] }),
        machine('api2_client', { allowedScopes: ['api2'] }),
        machine('both_client', { allowedScopes: ['api1', 'api2'] }),
        machine('reference_client', { allowedScopes: ['api1'], accessTokenType: 'reference' }),
        machine('short_client', { allowedScopes: ['api1'], accessTokenLifetime: 1 }),
      ],
    },
  });
  api = await NestFactory.create(AppModule.forRoot({ issuer: server.url, audience: 'api1' }), new FastifyAdapter(), {
    logger: false,
  });
  await api.listen(0, '127.0.0.1');
  orders = `http://127.0.0.1:${(api.getHttpServer().address() as AddressInfo).port}/orders`;
});
afterAll(async () => {
  await api?.close();
  await server?.close();
});

const machineToken = async (clientId: string): Promise<string> =>
  (await server.form('connect/token', { grant_type: 'client_credentials' }, basic(clientId))).body.access_token;
const signIn = async (scope: string) =>
  (
    await server.form(
      'connect/token',
      { grant_type: 'password', username: 'alice', password: 'alice', scope },
      basic('ropg_client'),
    )
  ).body;
const ask = async (token: string) => {
  const response = await fetch(orders, { headers: { authorization: `Bearer ${token}` } });
  const challenge = response.headers.get('www-authenticate') ?? '';
  return [response.status, /error="(\w+)"/.exec(challenge)?.[1]];
};

describe('An API behind the guard', () => {
  it('takes a token of a client and of a person, for it alone or for it and others', async () => {
    expect(await ask(await machineToken('simple_client'))).toEqual([200, undefined]);
    expect(await ask(await machineToken('both_client'))).toEqual([200, undefined]);
    expect(await ask((await signIn('openid api1')).access_token)).toEqual([200, undefined]);
  });

  // First of the refusals: forged key ids further down use up the guard's one fetch for unknown keys.
  it('refuses a token signed with a key that the server has removed, once its keys were fetched again', async () => {
    const old = await machineToken('simple_client');
    expect((await ask(old))[0]).toBe(200);
    const store = server.app.get(SigningKeyStore);
    const [first] = await store.list();
    await store.remove(first!.kid);
    await server.app.get(KeyRing).onModuleInit();
    const young = await machineToken('simple_client');
    // The new key is unknown to the guard, so it fetches the set, in which the old one is no longer.
    expect((await ask(young))[0]).toBe(200);
    expect(await ask(old)).toEqual([401, 'invalid_token']);
    expect((await server.form('connect/introspect', { token: old }, basic('simple_client'))).body).toEqual({
      active: false,
    });
  });

  it('refuses a token for another audience', async () => {
    expect(await ask(await machineToken('api2_client'))).toEqual([401, 'invalid_token']);
  });

  it('refuses a token that is for userinfo only', async () => {
    expect(await ask((await signIn('openid profile')).access_token)).toEqual([401, 'invalid_token']);
  });

  it('refuses a token with another scope of the same API', async () => {
    expect(await ask(await machineToken('status_client'))).toEqual([403, 'insufficient_scope']);
  });

  it('refuses an id_token, a refresh token and a reference token in the place of a JWT access token', async () => {
    const { id_token, refresh_token } = await signIn('openid api1 offline_access');
    for (const token of [id_token, refresh_token, await machineToken('reference_client')]) {
      expect(await ask(token)).toEqual([401, 'invalid_token']);
    }
  });

  it('refuses alg none, and HS256 with the public key', async () => {
    const [header, payload] = (await machineToken('simple_client')).split('.') as [string, string];
    const change = (alg: string) =>
      Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(header, 'base64url').toString()), alg })).toString(
        'base64url',
      );
    const { keys } = (await server.send('.well-known/openid-configuration/jwks')).body;
    const pem = createPublicKey({ key: keys[0], format: 'jwk' }).export({ type: 'spki', format: 'pem' });
    const data = `${change('HS256')}.${payload}`;
    expect(await ask(`${change('none')}.${payload}.`)).toEqual([401, 'invalid_token']);
    expect(await ask(`${data}.${createHmac('sha256', pem).update(data).digest('base64url')}`)).toEqual([
      401,
      'invalid_token',
    ]);
  });

  it('refuses a token whose one byte was changed, wherever it is', async () => {
    const token = await machineToken('simple_client');
    for (let i = 0; i < token.length; i += 11) {
      if (token[i] === '.') continue;
      const changed = token.slice(0, i) + (token[i] === 'A' ? 'B' : 'A') + token.slice(i + 1);
      expect([i, await ask(changed)]).toEqual([i, [401, 'invalid_token']]);
    }
  });
});

describe('Twenty requests at once', () => {
  const all = <T>(request: () => Promise<T>) => Promise.all(Array.from({ length: 20 }, request));

  it('with one refresh token: one rotation, no 500, and one successor that works', async () => {
    const { refresh_token } = await signIn('api1 offline_access');
    const answers = await all(() =>
      server.form('connect/token', { grant_type: 'refresh_token', refresh_token }, basic('ropg_client')),
    );
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.refresh_token}`)).size).toBe(1);
    const next = await server.form(
      'connect/token',
      { grant_type: 'refresh_token', refresh_token: answers[0]!.body.refresh_token },
      basic('ropg_client'),
    );
    expect(next.status).toBe(200);
  });

  it('that refresh and revoke in turn end with nothing that still works', async () => {
    const { refresh_token } = await signIn('api1 offline_access');
    const refreshed = all(() =>
      server.form('connect/token', { grant_type: 'refresh_token', refresh_token }, basic('ropg_client')),
    );
    const revoked = await server.form('connect/revocation', { token: refresh_token }, basic('ropg_client'));
    expect(revoked.status).toBe(200);
    for (const { status, body } of await refreshed) {
      expect([200, 400]).toContain(status);
      if (status !== 200) continue;
      const again = await server.form(
        'connect/token',
        { grant_type: 'refresh_token', refresh_token: body.refresh_token },
        basic('ropg_client'),
      );
      expect([again.status, again.body.error]).toEqual([400, 'invalid_grant']);
    }
  });
});
