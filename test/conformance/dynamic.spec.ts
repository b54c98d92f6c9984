import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { KeyRing } from '@tessera/token-server';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { bearer } from '../running-server.js';
import type { Party } from './expectations.js';
import { callback, Provider } from './provider.js';
import { expectPage } from './redirect.rules.js';
import { RelyingParty } from './relying-party.js';

// Registration is off at this provider, as it is deployed by default; dynamic-registration.spec.ts has the modules that need it.
describe('Dynamic OP (oidcc-dynamic-certification-test-plan), as far as it is not about registration', () => {
  let provider: Provider;
  beforeAll(async () => void (provider = await Provider.start()));
  afterAll(() => provider.close());
  const party: Party = (...client) => new RelyingParty(provider, { responseType: 'code' }, ...client);

  test('a request without redirect_uri gets a page of ours (Core §3.1.2.1; oidcc-ensure-redirect-uri-in-authorization-request)', async () => {
    expectPage(party, await party().open(party().browser(), party().request({ redirect_uri: undefined })));
  });

  test('a redirect_uri that is registered with a query keeps it (RFC 6749 §3.1.2; oidcc-redirect-uri-query-OK)', async () => {
    const { response, tokens } = await party('query').complete(party().browser());
    expect(response.url.searchParams.get('foo')).toBe('bar');
    expect(tokens!.status).toBe(200);
  });

  test('a redirect_uri with another query than registered gets a page of ours (RFC 3986 §6.2.1; oidcc-redirect-uri-query-mismatch)', async () => {
    const client = party('query', `${callback}?foo=baz`);
    expectPage(party, await client.open(client.browser(), client.request()));
  });

  test('a redirect_uri to which a query was added gets a page of ours (RFC 3986 §6.2.1; oidcc-redirect-uri-query-added)', async () => {
    const client = party(undefined, `${callback}?foo=bar`);
    expectPage(party, await client.open(client.browser(), client.request()));
  });

  test('userinfo is signed for a client that asks for that, with iss and aud (Core §5.3.2; oidcc-userinfo-rs256)', async () => {
    const { accessTokens } = await party('signed').complete(party().browser());
    const { headers, body } = await provider.server.send('connect/userinfo', { headers: bearer(accessTokens[0]!) });
    expect(headers.get('content-type')).toMatch(/^application\/jwt/);
    const verified = await jwtVerify(body as string, createLocalJWKSet(provider.keys), {
      issuer: provider.metadata.issuer,
      audience: 'basic-signed',
      algorithms: ['RS256'],
      currentDate: new Date(provider.clock.now() * 1000),
    });
    expect(verified.payload.sub).toBe('1');
  });

  test('a new signing key is announced beside the old, under another kid (Core §10.1.1; oidcc-server-rotate-keys)', async () => {
    const browser = party().browser();
    const before = (await party().complete(browser)).tokens!.body.id_token as string;
    const key = await provider.server.app.get(KeyRing).rotate('RS256');
    const { keys } = (await provider.server.send('.well-known/openid-configuration/jwks')).body;
    const kids = (keys as { kid: string }[]).map(({ kid }) => kid);
    expect(new Set(kids)).toEqual(new Set([decodeProtectedHeader(before).kid, key.kid]));
  });
});
