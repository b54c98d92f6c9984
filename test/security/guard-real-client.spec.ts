import { Controller, Get, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { JwtGuardModule, RequireAcr, RequireMaxAge, RequireScopes, type JwtGuardOptions } from '@tessera/jwt-guard';
import { TestIssuer } from '@tessera/jwt-guard/testing';
import * as oauth from 'oauth4webapi';

// What the guard answers, read by a client library that we did not write.

@Controller('orders')
class OrdersController {
  @Get()
  list(): object {
    return { orders: [] };
  }

  @Get('paid')
  @RequireScopes('orders.read', 'orders.pay')
  @RequireAcr('urn:phr', 'urn:mfa')
  @RequireMaxAge(300)
  paid(): object {
    return { paid: true };
  }
}

const realm = 'the "shop", \\ and more';
const issuer = new TestIssuer();
const insecure = { [oauth.allowInsecureRequests]: true };
const apps: INestApplication[] = [];
afterAll(() => Promise.all(apps.map((app) => app.close())));

async function start(options: Partial<JwtGuardOptions>): Promise<string> {
  class AppModule {}
  const guard = issuer.guardOptions({ audience: realm, ...options });
  const root = { module: AppModule, imports: [JwtGuardModule.forRoot(guard)], controllers: [OrdersController] };
  const app = await NestFactory.create(root, new FastifyAdapter(), { logger: false });
  apps.push(app);
  await app.listen(0, '127.0.0.1');
  return app.getUrl();
}

/** The challenges of a refusal as the client sees them. */
async function challengesOf(request: Promise<Response>): Promise<[number, oauth.WWWAuthenticateChallenge[]]> {
  try {
    await request;
  } catch (error) {
    if (error instanceof oauth.WWWAuthenticateChallengeError) return [error.status, error.cause];
    throw error;
  }
  throw new Error('The request was let in.');
}

const ask = (url: string, token: string, options: oauth.ProtectedResourceRequestOptions = {}): Promise<Response> =>
  oauth.protectedResourceRequest(token, 'GET', new URL(url), undefined, undefined, { ...insecure, ...options });

describe('A real client at an API that knows DPoP and publishes its metadata', () => {
  const algs = 'ES256 ES384 ES512 EdDSA PS256 RS256';
  const resource_metadata = 'https://shop.example.com/.well-known/oauth-protected-resource';
  const bare = { realm, resource_metadata };
  let url: string;
  beforeAll(async () => {
    url = await start({ dpop: 'allowed', resourceMetadata: { resource: 'https://shop.example.com' } });
  });

  it('reads the two challenges of a request without a good token', async () => {
    expect(await challengesOf(ask(`${url}/orders`, issuer.bad.expired()))).toEqual([
      401,
      [
        {
          scheme: 'bearer',
          parameters: { ...bare, error: 'invalid_token', error_description: 'The token has expired.' },
        },
        { scheme: 'dpop', parameters: { ...bare, algs } },
      ],
    ]);
  });

  it('RFC 9470: reads what sign-in is needed, and gets in with it', async () => {
    const scope = 'orders.read orders.pay';
    const [status, [challenge]] = await challengesOf(ask(`${url}/orders/paid`, issuer.token({ scope })));
    expect([status, challenge]).toEqual([
      401,
      {
        scheme: 'bearer',
        parameters: {
          ...bare,
          error: 'insufficient_user_authentication',
          error_description: 'Another way of signing in is needed.',
          acr_values: 'urn:phr urn:mfa',
          max_age: '300',
        },
      },
    ]);
    const better = issuer.token({ scope, acr: 'urn:phr', auth_time: issuer.now });
    expect((await ask(`${url}/orders/paid`, better)).status).toBe(200);
  });

  it('RFC 6750: reads what scope is needed, and gets in with it', async () => {
    const signedIn = { acr: 'urn:mfa', auth_time: issuer.now };
    const [status, [challenge]] = await challengesOf(ask(`${url}/orders/paid`, issuer.token(signedIn)));
    expect([status, challenge?.parameters.error]).toEqual([403, 'insufficient_scope']);
    const { scope } = challenge!.parameters;
    expect((await ask(`${url}/orders/paid`, issuer.token({ ...signedIn, scope }))).status).toBe(200);
  });
});

describe('A real client with DPoP at an API that wants nonces', () => {
  it('RFC 9449 §9: learns the nonce from the refusal, gets in, and goes on when it changes', async () => {
    const url = await start({ dpop: { mode: 'required', requireNonce: true } });
    const key = await oauth.generateKeyPair('ES256');
    const byOurClock = (_: unknown, proof: { iat?: number }): void => void (proof.iat = issuer.now);
    const DPoP = oauth.DPoP({}, key, { [oauth.modifyAssertion]: byOurClock });
    const token = issuer.token({ cnf: { jkt: await DPoP.calculateThumbprint() } });
    const [status, challenges] = await challengesOf(ask(`${url}/orders`, token, { DPoP }));
    expect([status, challenges.map(({ scheme, parameters }) => [scheme, parameters.error])]).toEqual([
      401,
      [['dpop', 'use_dpop_nonce']],
    ]);
    expect((await ask(`${url}/orders`, token, { DPoP })).status).toBe(200);
    // The client takes each new nonce from the answer before, so it never meets another refusal.
    for (let window = 0; window < 5; window++) {
      issuer.advance(100);
      expect((await ask(`${url}/orders`, token, { DPoP })).status).toBe(200);
    }
  });
});
