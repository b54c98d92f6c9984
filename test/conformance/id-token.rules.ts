import { hash } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { claimsOfScope } from './provider.js';
import type { Party } from './expectations.js';
import type { Completed } from './relying-party.js';

/** `oidcc-server`, `oidcc-idtoken-signature`, `oidcc-idtoken-unsigned`: what each id_token says, wherever it comes from. */
export function idTokenRules(party: Party, responseType: string): void {
  const has = (part: string) => responseType.split(' ').includes(part);

  describe('each id_token (oidcc-server)', () => {
    let done: Completed;
    beforeAll(async () => void (done = await party().complete(await party().signedIn())));

    test('is signed by a key of the provider, with kid and RS256 (Core §3.1.3.7-6, -7, §10.1; oidcc-idtoken-signature)', () => {
      expect(done.idTokens).toHaveLength(Number(has('id_token')) + Number(has('code')));
      for (const { protectedHeader } of done.idTokens) {
        expect(protectedHeader).toMatchObject({ alg: 'RS256', kid: expect.any(String) });
      }
    });

    test('is never unsigned: the provider does not offer it (Core §3.1.3.7-8; oidcc-idtoken-unsigned)', () => {
      expect(party().provider.metadata.id_token_signing_alg_values_supported).not.toContain('none');
    });

    test('has iss, aud and azp as the client expects them (Core §3.1.3.7-2 to -5)', () => {
      const { clientId } = party();
      for (const { payload } of done.idTokens) {
        expect(payload).toMatchObject({ iss: party().provider.metadata.issuer, aud: clientId });
        expect(payload.azp ?? clientId).toBe(clientId);
      }
    });

    test('was made now and is not over (Core §3.1.3.7-9, -10)', () => {
      const now = party().provider.clock.now();
      for (const { iat, exp } of done.idTokens.map(({ payload }) => payload)) {
        expect(Math.abs(now - iat!)).toBeLessThan(60);
        expect(exp).toBeGreaterThan(now);
        expect(exp! - now).toBeLessThan(86_400);
      }
    });

    test('has the nonce of the request (Core §3.1.3.7-11, §3.2.2.11)', () => {
      expect(done.idTokens.map(({ payload }) => payload.nonce)).toEqual(done.idTokens.map(() => done.request.nonce));
    });

    test('has a sub of at most 255 ASCII characters (Core §2)', () => {
      for (const { payload } of done.idTokens) expect(payload.sub).toMatch(/^[\x20-\x7E]{1,255}$/);
    });

    test('says when and how the person signed in, in the types of Core §2', () => {
      for (const { payload } of done.idTokens) {
        expect(payload).toMatchObject({ auth_time: expect.any(Number), amr: ['pwd'] });
        expect(['string', 'undefined']).toContain(typeof payload.acr);
      }
    });

    test('has no claims that nobody asked for (Core §5.4, §5.5)', () => {
      const standard = Object.values(claimsOfScope).flat() as string[];
      for (const { payload } of done.idTokens) {
        expect(Object.keys(payload).filter((name) => standard.includes(name))).toEqual([]);
      }
    });

    if (has('id_token')) {
      test('from the authorize endpoint has the at_hash of the access token beside it (Core §3.2.2.9, §3.3.2.11)', () => {
        const { access_token: token } = done.response.parameters;
        expect(done.front!.payload.at_hash).toBe(token === undefined ? undefined : halfHash(token));
      });

      test('from the authorize endpoint has the c_hash of the code beside it (Core §3.3.2.11)', () => {
        const { code } = done.response.parameters;
        expect(done.front!.payload.c_hash).toBe(code === undefined ? undefined : halfHash(code));
      });
    }

    if (has('code')) {
      test('from the token endpoint has the at_hash of its access token (Core §3.1.3.8, §3.3.3.6)', () => {
        expect(done.back!.payload.at_hash).toBe(halfHash(done.tokens!.body.access_token as string));
        expect(done.back!.payload).not.toHaveProperty('c_hash');
      });
    }

    if (has('code') && has('id_token')) {
      test('tells the same person, issuer and sign-in at both endpoints (Core §3.3.3.6)', () => {
        const told = done.idTokens.map(({ payload: { iss, sub, aud, auth_time } }) => ({ iss, sub, aud, auth_time }));
        expect(told[1]).toEqual(told[0]);
      });
    }
  });
}

/** Core §3.1.3.6: the left half of the hash that the signature uses, here SHA-256. */
function halfHash(text: string): string {
  return hash('sha256', text, 'buffer').subarray(0, 16).toString('base64url');
}
