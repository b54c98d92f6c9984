import { describe, expect, test } from '@jest/globals';
import { type CryptoKey, exportJWK, importJWK, UnsecuredJWT } from 'jose';
import { type ClientKey, assertionType } from '../../libs/token-server/src/clients/client-assertion.spec.fixture.js';
import type { Answer } from '../requests.js';
import type { Otherwise } from './fapi-client.js';
import { expectError, type FapiPlan } from './fapi-plan.js';

/** The modules about `private_key_jwt` (FAPI 2.0 Security Profile §5.3.2.1-6). In brackets: that profile where nothing else is said; and the module. */
export function assertionRules({ provider, first, second }: FapiPlan): void {
  const now = () => provider().clock.now();
  const endpoints = ['the token endpoint', 'the endpoint for pushed requests'] as const;

  /** At both endpoints, which authenticate clients alike. */
  async function send(where: (typeof endpoints)[number], otherwise: Otherwise): Promise<Answer> {
    const client = first();
    if (where === endpoints[1]) return client.push(client.request(), otherwise);
    return client.redeem((await client.authorize()).code, {}, otherwise);
  }

  describe.each(endpoints)('an assertion at %s', (where) => {
    test.each<[string, Otherwise['assertion'] & object, () => Record<string, unknown>]>([
      ['that expired 5 minutes ago is refused (RFC 7523 §3-4; ensure-client-assertion-with-exp-is-5-minutes-in-past-fails)', {}, () => ({ exp: now() - 300 })],
      ['without exp is refused (RFC 7523 §3-4)', {}, () => ({ exp: undefined })],
      ['for another server is refused (§5.3.2.1-8; ensure-client-assertion-with-wrong-aud-fails)', {}, () => ({ aud: 'https://other.example' })],
      ['for the token endpoint is refused (§5.3.2.1-8; par-test-token-endpoint-url-as-audience-fails)', {}, () => ({ aud: provider().metadata.token_endpoint })],
      ['for the endpoint of pushed requests is refused (§5.3.2.1-8; par-test-par-endpoint-url-as-audience-fails)', {}, () => ({ aud: provider().metadata.pushed_authorization_request_endpoint })],
      ['for this server and another is refused (§5.3.2.1-8; par-test-array-as-audience-fails)', {}, () => ({ aud: [provider().metadata.issuer, 'https://other.example'] })],
      ['whose audience is a list, if only of the issuer, is refused (§5.3.2.1-8: a string)', {}, () => ({ aud: [provider().metadata.issuer] })],
      ['without audience is refused (RFC 7523 §3-3)', {}, () => ({ aud: undefined })],
      ['without sub is refused (RFC 7523 §3-2; ensure-client-assertion-with-no-sub-fails)', {}, () => ({ sub: undefined })],
      ['of another issuer is refused (RFC 7523 §3-1)', {}, () => ({ iss: second().clientId })],
      ['without jti is refused (OpenID Connect Core §9)', {}, () => ({ jti: undefined })],
      ['made more than 60 seconds ahead is refused (§5.3.2.1-13; par-ensure-jwt-client-assertion-iat-nbf-over-60-seconds-in-the-future-fails)', {}, () => ({ iat: now() + 61, nbf: now() + 61, exp: now() + 120 })],
    ])('%s', async (_rule, assertion, claims) => {
      expectError(await send(where, { assertion: { ...assertion, claims: claims() } }), 'invalid_client');
    }); // prettier-ignore

    test.each([8, 10])('made %d seconds ahead is taken (§5.3.2.1-13; par-ensure-jwt-client-assertion-with-iat-nbf-8-seconds-in-the-future-is-accepted)', async (ahead) => {
      const claims = { iat: now() + ahead, nbf: now() + ahead };
      expect((await send(where, { assertion: { claims } })).status).toBeLessThan(300);
    }); // prettier-ignore

    test('signed by the key of another client is refused (RFC 7523 §3-9)', async () => {
      expectError(await send(where, { key: second().credentials.key }), 'invalid_client');
    });

    test('that is missing is refused, though client_id stands there (§5.3.2.1-6; ensure-client-assertion-in-token-endpoint)', async () => {
      expectError(await send(where, { anonymous: true }), 'invalid_client', 'invalid_request');
    });

    test('without signature is refused (§5.4.1-1: alg none)', async () => {
      const client = first();
      const { clientId: id } = client;
      const claims = { iss: id, sub: id, aud: provider().metadata.issuer as string, exp: now() + 60, jti: 'unsigned' };
      const form = { client_assertion_type: assertionType, client_assertion: new UnsecuredJWT(claims).encode() };
      const answer = where === endpoints[1] ? await client.pushForm({ ...client.request(), ...form }, { anonymous: true }) : await client.redeem((await client.authorize()).code, form, { anonymous: true }); // prettier-ignore
      expectError(answer, 'invalid_client');
    });
  });

  test('an assertion counts once (OpenID Connect Core §9)', async () => {
    const client = first();
    const once = { assertion: { claims: { jti: 'counts once' } } };
    expect((await client.push(client.request(), once)).status).toBe(201);
    expectError(await client.push(client.request(), once), 'invalid_client');
  });

  test('an assertion signed with RS256 is refused (§5.4.1-1; ensure-signed-client-assertion-with-RS256-fails)', async () => {
    const client = second();
    const weak = await signingBy('RS256', client.credentials.key);
    expectError(await client.push(client.request(), { key: weak }), 'invalid_client');
    expectError(await client.redeem((await client.authorize()).code, {}, { key: weak }), 'invalid_client');
  });
}

/** The modules about `tls_client_auth`, the other way (RFC 8705 §2). */
export function certificateRules({ first, second }: FapiPlan): void {
  test('a client without its certificate is refused (§5.3.2.1-6; ensure-holder-of-key-required)', async () => {
    expectError(await first().push(first().request(), { certificate: null }), 'invalid_client');
    const { code } = await first().authorize();
    expectError(await first().redeem(code, {}, { certificate: null }), 'invalid_client');
  });

  test('a client with the certificate of another is refused (RFC 8705 §2.1)', async () => {
    const { certificate } = second().credentials;
    expectError(await first().push(first().request(), { certificate }), 'invalid_client');
    const { code } = await first().authorize();
    expectError(await first().redeem(code, {}, { certificate }), 'invalid_client');
  });
}

/** The same key under another algorithm. */
export async function signingBy(alg: string, key: ClientKey): Promise<ClientKey> {
  const jwk = await exportJWK(key.privateKey);
  return { ...key, alg, privateKey: (await importJWK({ ...jwk, alg }, alg, { extractable: true })) as CryptoKey };
}
