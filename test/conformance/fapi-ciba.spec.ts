import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader, UnsecuredJWT } from 'jose';
import { clientKey } from '../../libs/token-server/src/clients/client-assertion.spec.fixture.js';
import type { Answer } from '../requests.js';
import { type CibaClient, type CibaOtherwise, CibaProvider, cibaVariants } from './fapi-ciba-client.js';
import { expectError } from './fapi-plan.js';

// In brackets: the section of CIBA Core, or of another document where it is named; and the module, without `fapi-ciba-id1` in front.
describe('FAPI-CIBA (fapi-ciba-id1-test-plan)', () => {
  let provider: CibaProvider;
  beforeAll(async () => void (provider = await CibaProvider.start()));
  afterAll(() => provider.close());
  beforeEach(() => {
    // What others asked alice is over.
    provider.clock.advance(300);
    provider.endpoint.received.length = 0;
  });

  test('the metadata tells what the profile asks for (§4; FAPI-CIBA §5.2.2)', () => {
    const { metadata } = provider;
    expect(metadata.grant_types_supported).toContain('urn:openid:params:grant-type:ciba');
    expect(metadata.backchannel_authentication_endpoint).toMatch(/^https:/);
    expect(metadata.backchannel_token_delivery_modes_supported).toEqual(['poll', 'ping']);
    expect(metadata.backchannel_authentication_request_signing_alg_values_supported).toEqual(['ES256', 'EdDSA']);
    expect(metadata.token_endpoint_auth_methods_supported).toEqual(['private_key_jwt', 'tls_client_auth']);
    expect(metadata.tls_client_certificate_bound_access_tokens).toBe(true);
  });

  describe.each(cibaVariants)('$auth, $mode', (variant) => {
    let first: CibaClient;
    let second: CibaClient;
    beforeAll(() => void ([first, second] = provider.clients.get(variant)!));
    const now = () => provider.clock.now();

    /** The id, once alice has answered. */
    async function answered(decision: 'allow' | 'deny', changes: object = {}): Promise<string> {
      const { status, body } = await first.ask({ ...changes });
      expect(status).toBe(200);
      await provider.answer(decision);
      return body.auth_req_id as string;
    }
    async function tokens(changes: object = {}): Promise<Answer> {
      return first.fetch(await answered('allow', changes));
    }

    test('gives bound tokens and an id_token for what alice allowed (§10.1.1; FAPI-CIBA §5.2.2)', async () => {
      const begun = await first.ask();
      expect(begun.body).toEqual({ auth_req_id: expect.any(String), expires_in: 300, interval: 5 });
      expect(begun.headers.get('cache-control')).toBe('no-store');
      expectError(await first.fetch(begun.body.auth_req_id), 'authorization_pending');
      await provider.answer('allow');
      const { status, body } = await first.fetch(begun.body.auth_req_id);
      expect([status, body.expires_in > 0, body.scope]).toEqual([200, true, 'openid']);
      const [found, expected] = first.binding(body.access_token);
      expect(found).toEqual(expected);
      expect(decodeJwt(body.id_token)).toMatchObject({ iss: provider.metadata.issuer, aud: first.clientId, sub: '1' });
      expect(['PS256', 'ES256']).toContain(decodeProtectedHeader(body.id_token).alg);
    });

    test('tells a client of the answer, and of a refusal, where it is to be told, and no other (§10.2)', async () => {
      for (const decision of ['allow', 'deny'] as const) {
        const token = `the-token-for-${decision}`;
        const authReqId = await answered(decision, variant.mode === 'ping' ? { client_notification_token: token } : {});
        if (variant.mode === 'poll') continue;
        const { headers, body } = await provider.endpoint.next();
        expect([headers.authorization, headers['content-type'], body]).toEqual([
          `Bearer ${token}`,
          'application/json',
          { auth_req_id: authReqId },
        ]);
      }
      expect(provider.endpoint.received).toEqual([]);
    });

    test('gives a refresh token that is good again and again', async () => {
      const { body } = await tokens({ scope: 'openid offline_access' });
      for (const refreshed of [await first.refresh(body.refresh_token), await first.refresh(body.refresh_token)]) {
        expect(refreshed.status).toBe(200);
        const [found, expected] = first.binding(refreshed.body.access_token);
        expect(found).toEqual(expected);
      }
    });

    test('an id counts once (§10.1)', async () => {
      const authReqId = await answered('allow');
      expect((await first.fetch(authReqId)).status).toBe(200);
      expectError(await first.fetch(authReqId), 'invalid_grant');
    });

    test('a refusal is told (§11)', async () => {
      expectError(await first.fetch(await answered('deny')), 'access_denied');
    });

    test('an id ends (§11)', async () => {
      const { body } = await first.ask({ requested_expiry: 30 });
      expect(body.expires_in).toBe(30);
      provider.clock.advance(30);
      expectError(await first.fetch(body.auth_req_id), 'expired_token');
    });

    test('the id of another client is no good (§11; with the second client)', async () => {
      const authReqId = await answered('allow');
      expectError(await second.fetch(authReqId), 'invalid_grant');
      expect((await first.fetch(authReqId)).status).toBe(200);
    });

    test('tokens are for who proves its key (FAPI 2.0 Security Profile §5.3.2.1)', async () => {
      const error = variant.auth === 'mtls' ? 'invalid_client' : 'invalid_dpop_proof';
      const authReqId = await answered('allow');
      expectError(await first.fetch(authReqId, { bare: true }), error);
      expect((await first.fetch(authReqId)).status).toBe(200);
    });

    test('the client authenticates at both endpoints (§7.1, §10.1)', async () => {
      const anonymous: CibaOtherwise = { anonymous: true };
      expectError(await first.ask({}, anonymous), 'invalid_client');
      expectError(await first.fetch(await answered('allow'), anonymous), 'invalid_client');
    });

    if (variant.auth === 'private_key_jwt') {
      test('an assertion by the key of another client is refused', async () => {
        expectError(await first.ask({}, { key: second.key }), 'invalid_client');
      });

      test('an assertion may name issuer, token endpoint or this endpoint, where the client is allowed to (§7.1)', async () => {
        const { issuer, token_endpoint: token, backchannel_authentication_endpoint: own } = provider.metadata;
        for (const aud of [issuer, token, own]) {
          expect((await second.ask({}, { assertion: { claims: { aud } } })).status).toBe(200);
        }
        expectError(await first.ask({}, { assertion: { claims: { aud: own } } }), 'invalid_client');
      });

      test('an assertion for another server, or one that is over, is refused', async () => {
        for (const claims of [{ aud: 'https://other.example' }, { exp: now() - 300 }, { exp: undefined }]) {
          expectError(await first.ask({}, { assertion: { claims } }), 'invalid_client');
        }
      });
    }

    test('a request that is not signed is refused (FAPI-CIBA §5.2.2)', async () => {
      expectError(
        await first.send({ scope: 'openid', login_hint: 'alice', binding_message: '1234' }),
        'invalid_request',
      );
    });

    test.each<[string, () => Readonly<Record<string, unknown>>]>([
      ['without aud is refused (§7.1.1; ensure-request-object-missing-aud-fails)', () => ({ aud: undefined })],
      ['for another server is refused (§7.1.1; ensure-request-object-bad-aud-fails)', () => ({ aud: 'https://other.example' })],
      ['without iss is refused (§7.1.1; ensure-request-object-missing-iss-fails)', () => ({ iss: undefined })],
      ['of another client is refused (§7.1.1; ensure-request-object-bad-iss-fails)', () => ({ iss: second.clientId })],
      ['without exp is refused (§7.1.1; ensure-request-object-missing-exp-fails)', () => ({ exp: undefined })],
      ['that is over is refused (§7.1.1; ensure-request-object-expired-exp-fails)', () => ({ exp: now() - 300 })],
      ['that counts for 70 minutes is refused (FAPI-CIBA §5.2.2: an hour; ensure-request-object-exp-is-70-minutes-in-future-fails)', () => ({ exp: now() + 4200 })],
      ['without iat is refused (§7.1.1; ensure-request-object-missing-iat-fails)', () => ({ iat: undefined })],
      ['without nbf is refused (§7.1.1; ensure-request-object-missing-nbf-fails)', () => ({ nbf: undefined })],
      ['that counts in 10 minutes is refused (§7.1.1; ensure-request-object-nbf-10-minutes…)', () => ({ nbf: now() + 600, exp: now() + 900 })],
      ['that began 70 minutes ago is refused (FAPI-CIBA §5.2.2; ensure-request-object-nbf-70-minutes…)', () => ({ nbf: now() - 4200 })],
      ['without jti is refused (§7.1.1; ensure-request-object-missing-jti-fails)', () => ({ jti: undefined })],
      ['without a hint is refused (§7.1)', () => ({ login_hint: undefined })],
      ['with several hints is refused (§7.1)', () => ({ id_token_hint: 'x' })],
      ['without a message is refused (FAPI-CIBA §5.2.2)', () => ({ binding_message: undefined })],
    ])('a signed request %s', async (_rule, changes) => {
      expectError(await first.ask(changes()), 'invalid_request');
    }); // prettier-ignore

    test('a message that is too long is refused (§13)', async () => {
      expectError(await first.ask({ binding_message: '1234'.repeat(256) }), 'invalid_binding_message');
    });

    test('a signed request may have been made a week ago, and 8 seconds ahead', async () => {
      expect((await first.ask({ iat: now() - 604_800 })).status).toBe(200);
      expect((await first.ask({ iat: now() + 8, nbf: now() + 8 })).status).toBe(200);
    });

    test('the scopes may stand in any order', async () => {
      expect((await first.ask({ scope: 'profile openid' })).status).toBe(200);
    });

    test('a request by the key of another client is refused (§7.1.1; ensure-request-object-signed-by-other-client-fails)', async () => {
      const { key } = second;
      expectError(await first.send({ request: await first.sign(first.claims(), {}, key) }), 'invalid_request');
    });

    test('a request whose signature does not fit is refused (§7.1.1; ensure-request-object-signature-algorithm-is-bad-fails)', async () => {
      const request = await first.sign(first.claims());
      const other = (await first.sign(first.claims({ scope: 'openid profile' }))).split('.').at(-1)!;
      expectError(await first.send({ request: request.replace(/[^.]+$/, other) }), 'invalid_request');
    });

    test('a request without signature, or by RS256, is refused (§7.2; ensure-request-object-signature-algorithm-is-none-fails, …-is-RS256-fails)', async () => {
      const unsigned = new UnsecuredJWT({ ...first.claims() }).encode();
      expectError(await first.send({ request: unsigned }), 'invalid_request');
      const { privateKey } = await clientKey('RS256', 'first');
      const request = await first.sign(first.claims(), {}, { alg: 'RS256', jwk: first.key.jwk, privateKey });
      expectError(await first.send({ request }), 'invalid_request');
    });

    test('a request counts once (§7.1.1: jti)', async () => {
      const request = await first.sign(first.claims());
      expect((await first.send({ request })).status).toBe(200);
      expectError(await first.send({ request }), 'invalid_request');
    });

    test('nothing counts that stands beside the request (§7.1.1)', async () => {
      const request = await first.sign(first.claims());
      expectError(await first.send({ request, binding_message: '5678' }), 'invalid_request');
    });

    if (variant.mode === 'ping') {
      test('the client says by what it recognises who tells it (§7.1: client_notification_token)', async () => {
        expectError(await first.ask({ client_notification_token: undefined }), 'invalid_request');
        expectError(await first.ask({ client_notification_token: 'a'.repeat(1025) }), 'invalid_request');
      });
    }
  });
});
