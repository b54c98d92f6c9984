import { describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { confirmationOf } from './fapi-client.js';
import { expectError, type FapiPlan } from './fapi-plan.js';

/** The modules about codes, refresh tokens and who may redeem them. In brackets: FAPI 2.0 Security Profile where nothing else is said; and the module. */
export function tokenRules({ provider, variant, first, second }: FapiPlan): void {
  /** A connection without the client's certificate, a request without a proof: whichever the variant has. */
  const withoutKey = { certificate: null, dpop: null } as const;

  describe('the token endpoint', () => {
    test('refuses a client that comes under the name of another (RFC 6749 §5.2; ensure-client-id-in-token-endpoint)', async () => {
      const { code } = await first().authorize();
      expectError(await first().redeem(code, {}, { as: second().clientId }), 'invalid_client', 'invalid_grant');
    });

    test('refuses what comes without proof of possession (§5.3.2.1-4; ensure-holder-of-key-required)', async () => {
      const { code } = await first().authorize();
      const errors = variant.binding === 'dpop' ? ['invalid_request', 'invalid_grant', 'invalid_dpop_proof'] : ['invalid_client', 'invalid_grant', 'invalid_request']; // prettier-ignore
      const otherwise = variant.binding === 'dpop' ? { dpop: null } : withoutKey;
      expectError(await first().redeem(code, {}, otherwise), ...errors);
    });

    test('refuses the code of another client (RFC 6749 §5.2; ensure-authorization-code-is-bound-to-client)', async () => {
      const { code } = await first().authorize();
      expectError(await second().redeem(code), 'invalid_grant');
    });

    test('refuses a code that was used a second ago, and what it gave is revoked (§5.3.2.2-9, RFC 6749 §4.1.2; attempt-reuse-authorization-code-after-one-second)', async () => {
      const client = first();
      const { code } = await client.authorize();
      const { body } = await client.redeem(code);
      provider().clock.advance(1);
      expectError(await client.redeem(code), 'invalid_grant');
      expect((await client.resource(body.access_token)).status).toBe(401);
    });

    test('refuses a code after 60 seconds (§5.3.2.1-11; ensure-token-endpoint-fails-with-expired-auth-code)', async () => {
      const client = first();
      const { code } = await client.authorize();
      provider().clock.advance(60);
      expectError(await client.redeem(code), 'invalid_grant');
    });

    test.each(['password', 'client_credentials', 'implicit'])('has no grant %s for these clients (§5.3.2.1-2)', async (grant) => {
      const form = { grant_type: grant, code: undefined, username: 'alice', password: 'alice' };
      expectError(await first().redeem(undefined, form), 'unauthorized_client', 'unsupported_grant_type');
    }); // prettier-ignore
  });

  describe('a refresh token (refresh-token)', () => {
    const offline = { scope: 'openid offline_access', prompt: 'consent' };

    test('is not replaced by its use (§5.3.2.1-9), and gives tokens that are bound as the first', async () => {
      const client = first();
      const { body } = await client.tokens(offline);
      expect(provider().metadata.grant_types_supported).toContain('refresh_token');
      expect(body.refresh_token).toMatch(/^[\x20-\x7E]{22,}$/);
      for (const wait of [1, 3600]) {
        provider().clock.advance(wait);
        const refreshed = await client.refresh(body.refresh_token);
        expect(refreshed.status).toBe(200);
        expect([undefined, body.refresh_token]).toContain(refreshed.body.refresh_token);
        expect(confirmationOf(refreshed.body.access_token)).toEqual(confirmationOf(body.access_token));
        expect((await client.resource(refreshed.body.access_token)).status).toBe(200);
      }
    });

    test('tells the same sign-in in the new id_token (OpenID Connect Core §12.2)', async () => {
      const client = first();
      const { body } = await client.tokens(offline);
      provider().clock.advance(1);
      const { body: refreshed } = await client.refresh(body.refresh_token);
      const same = ({ iss, sub, aud, auth_time: at }: Record<string, unknown>) => ({ iss, sub, aud, at });
      expect(same(decodeJwt(refreshed.id_token))).toEqual(same(decodeJwt(body.id_token)));
    });

    test('is refused without proof of possession (§5.3.2.1-4)', async () => {
      const client = first();
      const { body } = await client.tokens(offline);
      const otherwise = variant.binding === 'dpop' ? { dpop: null } : withoutKey;
      const answer = await client.refresh(body.refresh_token, otherwise);
      expectError(answer, 'invalid_client', 'invalid_grant', 'invalid_request', 'invalid_dpop_proof');
    });

    test('of one client is nothing to another (RFC 6749 §6)', async () => {
      const { body } = await second().tokens(offline);
      expectError(await first().refresh(body.refresh_token), 'invalid_grant');
    });
  });

  describe('a token bound to a key', () => {
    test('is of no use without it (§5.3.4-5)', async () => {
      const client = first();
      const { body } = await client.tokens();
      expect((await client.resource(body.access_token, withoutKey)).status).toBe(401);
      expect((await client.resource(body.access_token, withoutKey, 'Bearer')).status).toBe(401);
    });

    test('is of no use after its time (§5.3.4-3)', async () => {
      const client = first();
      const { body } = await client.tokens();
      provider().clock.advance(body.expires_in as number);
      expect((await client.resource(body.access_token)).status).toBe(401);
    });
  });
}
