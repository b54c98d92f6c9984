import { beforeAll, describe, expect, test } from '@jest/globals';
import { claimsOfScope } from './provider.js';
import { bearer } from '../running-server.js';
import { expectStandardTypes, type Party } from './expectations.js';
import type { PlainBrowser } from '../plain-browser.js';
import type { Completed } from './relying-party.js';

const scopes = Object.keys(claimsOfScope) as (keyof typeof claimsOfScope)[];
const everyClaim = Object.values(claimsOfScope).flat() as string[];

/** The modules `oidcc-userinfo-…`, `oidcc-scope-…`, `oidcc-ensure-other-scope-order-succeeds` and `oidcc-claims-essential`. */
export function userinfoRules(party: Party, responseType: string): void {
  const onlyIdToken = responseType === 'id_token';
  const userinfo = (token: string) => party().provider.server.send('connect/userinfo', { headers: bearer(token) });
  let browser: PlainBrowser;
  beforeAll(async () => void (browser = await party().signedIn()));

  /** What the client learns about the person: from userinfo, or where there is no access token from the id_token. */
  async function learnt(done: Completed): Promise<Readonly<Record<string, unknown>>> {
    if (onlyIdToken) return done.front!.payload;
    return (await userinfo(done.accessTokens[0]!)).body;
  }
  const standardOf = (claims: object) => Object.keys(claims).filter((name) => everyClaim.includes(name));

  if (!onlyIdToken) describe('userinfo', () => userinfoEndpointRules(party));

  describe('the claims of a scope', () => {
    test.each(scopes)(
      '%s are told, all of them, in the types of Core §5.1, and no others (Core §5.4; oidcc-scope-…)',
      async (scope) => {
        const claims = await learnt(await party().complete(browser, { scope: `openid ${scope}` }));
        expect(standardOf(claims).sort()).toEqual([...claimsOfScope[scope]].sort());
        expectStandardTypes(Object.fromEntries(Object.entries(claims).filter(([name]) => everyClaim.includes(name))));
      },
    );

    test('are told of all the scopes together (oidcc-scope-all)', async () => {
      const scope = ['openid', ...scopes].join(' ');
      const claims = await learnt(await party().complete(browser, { scope }));
      expect(standardOf(claims).sort()).toEqual([...everyClaim].sort());
    });

    test('are told in whatever order the scopes stand (RFC 6749 §3.3; oidcc-ensure-other-scope-order-succeeds)', async () => {
      const claims = await learnt(await party().complete(browser, { scope: 'email openid' }));
      expect(claims).toMatchObject({ sub: '1', email: 'alice@example.com', email_verified: true });
    });
  });

  test('an essential claim is told where it was asked for, and only there (Core §5.5.1; oidcc-claims-essential)', async () => {
    const place = onlyIdToken ? 'id_token' : 'userinfo';
    const claims = JSON.stringify({ [place]: { name: { essential: true } } });
    const done = await party().complete(browser, { claims });
    expect(standardOf(await learnt(done))).toEqual(['name']);
    if (!onlyIdToken) for (const { payload } of done.idTokens) expect(payload).not.toHaveProperty('name');
  });
}

/** `oidcc-userinfo-get`, `-post-header` and `-post-body`, with every access token of the flow. */
function userinfoEndpointRules(party: Party): void {
  let done: Completed;
  beforeAll(async () => void (done = await party().complete(await party().signedIn())));

  test.each([
    ['a GET with the header', 'get', (token: string): RequestInit => ({ headers: bearer(token) })],
    ['a POST with the header', 'post-header', (token: string) => ({ method: 'POST', headers: bearer(token) })],
    ['a POST with the form', 'post-body', (token: string) => ({ method: 'POST', body: new URLSearchParams({ access_token: token }) })],
  ] as const)('answers %s as JSON that nobody keeps (Core §5.3.1, §5.3.2; oidcc-userinfo-%s)', async (_way, _module, request) => {
    for (const token of done.accessTokens) {
      const { status, headers, body } = await party().provider.server.send('connect/userinfo', request(token));
      expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
      expect(headers.get('content-type')).toMatch(/^application\/json/);
      expect(body).toEqual({ sub: '1' });
    }
  }); // prettier-ignore

  test('tells the same sub as each id_token (Core §5.3.2)', async () => {
    const { body } = await party().provider.server.send('connect/userinfo', { headers: bearer(done.accessTokens[0]!) });
    for (const { payload } of done.idTokens) expect(payload.sub).toBe(body.sub);
  });
}
