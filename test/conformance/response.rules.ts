import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Party, placeOf } from './expectations.js';
import type { Completed } from './relying-party.js';

/** `oidcc-server`: what comes back from both endpoints when all goes well. */
export function responseRules(party: Party, responseType: string): void {
  const has = (part: string) => responseType.split(' ').includes(part);

  describe('a successful answer (oidcc-server)', () => {
    let done: Completed;
    beforeAll(async () => void (done = await party().complete(party().browser())));

    test('stands where the response type and mode put it, and nothing of it stands elsewhere (Core §3.3.2.5)', () => {
      const { place, url } = done.response;
      expect(place).toBe(placeOf(party().variant));
      if (place !== 'query') expect(url.search).toBe('');
      if (place !== 'fragment') expect(url.hash).toBe('');
    });

    test('has the state of the request (Core §3.1.2.5) and the issuer (RFC 9207 §2)', () => {
      const { state, iss } = done.response.parameters;
      expect({ state, iss }).toEqual({ state: done.request.state, iss: party().provider.metadata.issuer });
    });

    test('has one artefact for each part of the response type, and no other (Multiple Response Types §5)', () => {
      const artefacts = ['code', 'id_token', 'access_token'].filter((name) => name in done.response.parameters);
      const due = ['code', 'id_token', 'token'].filter(has).map((part) => (part === 'token' ? 'access_token' : part));
      expect(artefacts).toEqual(due);
      expect(done.response.parameters).not.toHaveProperty('refresh_token');
    });

    if (has('token')) {
      test('says of the access token that it is a bearer token, and for how long (RFC 6749 §4.2.2)', () => {
        expect(done.response.parameters).toMatchObject({
          token_type: 'Bearer',
          expires_in: expect.stringMatching(/^[1-9]\d*$/),
          access_token: expect.stringMatching(/^[\x20-\x7E]+$/),
        });
      });
    }

    if (has('code')) {
      test('has a code of at least 128 bits that nobody can guess (RFC 6749 §10.10)', async () => {
        const another = await party().complete(await party().signedIn());
        const [first, second] = [done.response.parameters.code!, another.response.parameters.code!];
        // Six bits in a character of base64url.
        expect(first).toMatch(/^[A-Za-z0-9_-]{22,}$/);
        expect(new Set(first).size).toBeGreaterThan(15);
        expect(second).not.toBe(first);
      });

      test('from the token endpoint is JSON that nobody keeps (RFC 6749 §5.1)', () => {
        const { status, headers } = done.tokens!;
        expect(status).toBe(200);
        expect(headers.get('content-type')).toMatch(/^application\/json/);
        expect(headers.get('cache-control')).toBe('no-store');
        expect(headers.get('pragma')).toBe('no-cache');
      });

      test('from the token endpoint has access token, type, lifetime and id_token (Core §3.1.3.3)', () => {
        expect(done.tokens!.body).toEqual({
          access_token: expect.stringMatching(/^[\x20-\x7E]+$/),
          token_type: 'Bearer',
          expires_in: expect.any(Number),
          scope: 'openid',
          id_token: expect.any(String),
        });
        expect(done.tokens!.body.expires_in).toBeGreaterThan(0);
      });
    }
  });
}
