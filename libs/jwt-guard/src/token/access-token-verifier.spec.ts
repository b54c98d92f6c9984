import { LoopbackIssuer } from '../loopback-issuer.spec.fixture.js';
import type { JwtGuardOptions } from '../options/jwt-guard.options.js';
import { encodePart, judge, verifierFor } from './verification.spec.fixture.js';

let issuer: LoopbackIssuer;
beforeAll(async () => (issuer = await LoopbackIssuer.start('RS256')));
afterAll(() => issuer.close());

const outcome = (token: string, options: Partial<JwtGuardOptions> = {}): Promise<string> =>
  judge(verifierFor(issuer, options), token);

describe('A good access token', () => {
  it('gives its claims, frozen in all depth', async () => {
    const { claims } = await verifierFor(issuer).verify(
      await issuer.token({ aud: ['api0', 'api1'], custom: { roles: ['a'] } }),
    );
    expect(claims).toMatchObject({ sub: 'alice', client_id: 'simple_client', aud: ['api0', 'api1'] });
    expect(Object.isFrozen(claims)).toBe(true);
    expect(Object.isFrozen(claims.aud)).toBe(true);
    expect(Object.isFrozen((claims.custom as { roles: string[] }).roles)).toBe(true);
  });

  it.each(['at+jwt', 'AT+JWT', 'application/at+jwt', 'Application/AT+jwt'])('may have the typ %s', async (typ) => {
    expect(await outcome(await issuer.token({}, { header: { typ } }))).toBe('accepted');
  });

  it.each(['PS256', 'ES256', 'ES384', 'ES512', 'EdDSA', 'RS512'])('may be signed with %s', async (alg) => {
    await issuer.addKey(alg, alg);
    expect(await outcome(await issuer.token({}, { kid: alg }))).toBe('accepted');
  });

  it('may be for any one of the audiences of this API', async () => {
    expect(await outcome(await issuer.token({ aud: 'urn:api:two' }), { audience: ['api1', 'urn:api:two'] })).toBe(
      'accepted',
    );
  });

  it('may come without kid while the issuer has one key that fits', async () => {
    const single = await LoopbackIssuer.start();
    const token = await single.token({}, { header: { kid: undefined } });
    expect(await outcome(token, { issuer: single.url })).toBe('accepted');
    await single.addKey('second');
    expect(await outcome(token, { issuer: single.url })).toBe('key_ambiguous');
    await single.close();
  });
});

describe('The claims', () => {
  it('a token of another issuer is refused, also when a trailing slash is all the difference', async () => {
    for (const iss of ['https://evil.example.com', `${issuer.url}/`, issuer.url.toUpperCase(), [issuer.url], 1]) {
      expect(await outcome(await issuer.token({ iss }))).toBe('issuer_mismatch');
    }
    expect(await outcome(await issuer.token({ iss: undefined }))).toBe('claim_missing');
  });

  it('a refusal names the one issuer that is trusted, and none where there are several', async () => {
    const foreign = await issuer.token({ iss: 'https://evil.example.com' });
    await expect(verifierFor(issuer).verify(foreign)).rejects.toThrow(issuer.url);
    const issuers = [{ issuer: issuer.url }, { issuer: 'https://tenant.example.com' }];
    const said = await verifierFor(issuer, { issuer: undefined, issuers })
      .verify(foreign)
      .catch((error: Error) => error.message);
    expect(said).not.toMatch(/tenant|127\.0\.0\.1/);
  });

  it('a role with a space in it is one role', async () => {
    const { roles } = await verifierFor(issuer).verify(await issuer.token({ roles: 'Billing admin' }));
    expect(roles).toEqual(['Billing admin']);
  });

  it('a token of another issuer causes no fetch', async () => {
    const before = issuer.requests.length;
    await outcome(await issuer.token({ iss: 'https://evil.example.com' }, { header: { kid: 'evil' } }));
    expect(issuer.requests).toHaveLength(before);
  });

  it('a token for another audience is refused, and so is one without an audience', async () => {
    for (const aud of ['api2', 'api', 'api11', 'API1', ['api2', 'api3'], []]) {
      expect(await outcome(await issuer.token({ aud }))).toBe('audience_mismatch');
    }
    expect(await outcome(await issuer.token({ aud: undefined }))).toBe('claim_missing');
    expect(await outcome(await issuer.token({ aud: { api1: true } }))).toBe('claim_invalid');
    expect(await outcome(await issuer.token({ aud: ['api1', 1] }))).toBe('claim_invalid');
  });

  it('a token ends at its exp, with the clock tolerance and not a second more', async () => {
    const token = await issuer.token({ iat: 1_000, exp: 2_000 });
    const at = (second: number) => ({ clock: () => second * 1000, clockTolerance: 10 });
    expect(await outcome(token, at(2_009))).toBe('accepted');
    expect(await outcome(token, at(2_010))).toBe('token_expired');
  });

  it('a token without exp is refused, and so is one whose times are not numbers', async () => {
    expect(await outcome(await issuer.token({ exp: undefined }))).toBe('claim_missing');
    for (const change of [{ exp: '9999999999' }, { exp: null }, { nbf: 'now' }, { iat: true }]) {
      expect(await outcome(await issuer.token(change))).toBe('claim_invalid');
    }
  });

  it('a token is not accepted before its nbf, nor one that was issued in the future', async () => {
    const clock = (): number => 1_500_000;
    expect(await outcome(await issuer.token({ iat: 1_000, nbf: 1_506, exp: 2_000 }), { clock })).toBe(
      'token_not_yet_valid',
    );
    expect(await outcome(await issuer.token({ iat: 1_000, nbf: 1_505, exp: 2_000 }), { clock })).toBe('accepted');
    expect(await outcome(await issuer.token({ iat: 1_506, exp: 2_000 }), { clock })).toBe('token_not_yet_valid');
  });

  it.each(['sub', 'client_id'])('a token without %s is refused (RFC 9068 §2.2)', async (name) => {
    expect(await outcome(await issuer.token({ [name]: undefined }))).toBe('claim_missing');
    for (const value of ['', 7, null, ['x']])
      expect(await outcome(await issuer.token({ [name]: value }))).toBe('claim_invalid');
  });

  it('a scope claim that is neither text nor a list of texts is refused', async () => {
    for (const scope of [1, ['api1', 1], { api1: true }, null]) {
      expect(await outcome(await issuer.token({ scope }))).toBe('claim_invalid');
    }
  });

  it('a __proto__ claim is data and pollutes nothing', async () => {
    const raw = JSON.stringify(issuer.goodClaims()).replace('{', '{"__proto__":{"admin":true},');
    const header = encodePart({ alg: 'RS256', typ: 'at+jwt', kid: 'first' });
    const signed = `${header}.${Buffer.from(raw).toString('base64url')}`;
    const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', issuer.privateKey(), Buffer.from(signed));
    const { claims } = await verifierFor(issuer).verify(`${signed}.${Buffer.from(signature).toString('base64url')}`);
    expect(claims.admin).toBeUndefined();
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
  });
});
