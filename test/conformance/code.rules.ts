import { beforeAll, describe, expect, test } from '@jest/globals';
import { bearer } from '../running-server.js';
import type { Answer } from '../requests.js';
import type { PlainBrowser } from '../plain-browser.js';
import type { Party } from './expectations.js';

/** The modules about codes and refresh tokens. */
export function codeRules(party: Party): void {
  let browser: PlainBrowser;
  beforeAll(async () => void (browser = await party().signedIn()));
  const userinfo = (token: string) => party().provider.server.send('connect/userinfo', { headers: bearer(token) });

  describe('a code used again', () => {
    test.each([
      ['at once', 'oidcc-codereuse', 0],
      ['after 30 seconds', 'oidcc-codereuse-30seconds', 30],
    ])('%s is refused with invalid_grant, and what it gave is revoked (RFC 6749 §4.1.2, §5.2; %s)', async (_when, _module, seconds) => {
      const { response, accessTokens } = await party().complete(browser);
      for (const token of accessTokens) expect((await userinfo(token)).status).toBe(200);
      party().provider.clock.advance(seconds);
      expectInvalidGrant(await party().redeem(response.parameters.code!));
      for (const token of accessTokens) expect((await userinfo(token)).status).toBe(401);
    }); // prettier-ignore
  });

  describe('a client', () => {
    test('may send its secret in the form (Core §9; oidcc-server-client-secret-post)', async () => {
      expect(party().provider.metadata.token_endpoint_auth_methods_supported).toContain('client_secret_post');
      const client = party('post');
      const done = await client.complete(browser);
      expect(done.tokens!.status).toBe(200);
      expect(done.back!.payload.aud).toBe(client.clientId);
    });
  });

  describe('a refresh token (oidcc-refresh-token)', () => {
    const offline = { scope: 'openid offline_access', prompt: 'consent' };

    test('is given for offline_access, long and of printable characters (Core §11, RFC 6749 §10.10, §A.17)', async () => {
      const { tokens } = await party().complete(browser, offline);
      expect(party().provider.metadata.grant_types_supported).toContain('refresh_token');
      expect(tokens!.body.refresh_token).toMatch(/^[\x20-\x7E]{22,}$/);
    });

    test('gives new tokens, whose id_token tells the same sign-in (Core §12.2, RFC 6749 §6)', async () => {
      const done = await party().complete(browser, offline);
      party().provider.clock.advance(1);
      const refresh_token = done.tokens!.body.refresh_token as string;
      const { status, headers, body } = await party().token({
        grant_type: 'refresh_token',
        refresh_token,
        scope: 'openid offline_access',
      });
      expect([status, headers.get('cache-control'), body.token_type]).toEqual([200, 'no-store', 'Bearer']);
      expect(body.expires_in).toBeGreaterThan(0);
      expect(body.access_token).not.toBe(done.tokens!.body.access_token);
      expect((await userinfo(body.access_token as string)).status).toBe(200);
      const before = done.back!.payload;
      const { payload: after } = await party().provider.verify(body.id_token as string, party().clientId);
      const same = ({ iss, sub, aud, azp, auth_time }: typeof after) => ({ iss, sub, aud, azp, auth_time });
      expect(same(after)).toEqual(same(before));
      expect(after.iat).toBeGreaterThan(before.iat!);
    });

    test('of one client is nothing to another (RFC 6749 §6, §10.4)', async () => {
      const { tokens } = await party('second').complete(browser, offline);
      const refresh_token = tokens!.body.refresh_token as string;
      expectInvalidGrant(await party().token({ grant_type: 'refresh_token', refresh_token }));
    });
  });
}

/** RFC 6749 §5.2. */
function expectInvalidGrant({ status, headers, body }: Answer): void {
  expect([status, headers.get('cache-control')]).toEqual([400, 'no-store']);
  expect(headers.get('content-type')).toMatch(/^application\/json/);
  expect(body).toEqual({
    error: 'invalid_grant',
    error_description: expect.stringMatching(/^[\x20-\x21\x23-\x5B\x5D-\x7E]+$/),
  });
}
