import { X509Certificate } from 'node:crypto';
import { signingAlgorithms } from '@tessera/protocol';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { selfSigned } from '../certificates/client-certificates.spec.fixture.js';
import { curveKey, rsaKey } from '../decryption/api-keys.spec.fixture.js';
import type { JwtGuardOptions } from '../options/jwt-guard.options.js';
import { judge, verifierFor } from '../token/verification.spec.fixture.js';
import { codeOf } from './bad-tokens.spec.fixture.js';
import { TestIssuer } from './test-issuer.js';

const trusting = (issuer: TestIssuer, options: Partial<JwtGuardOptions> = {}) =>
  verifierFor({ url: issuer.issuer }, issuer.guardOptions(options));

describe('A test issuer', () => {
  const issuer = new TestIssuer();

  it.each(signingAlgorithms)('signs with %s so that a guard accepts it, without a network', async (algorithm) => {
    const signing = new TestIssuer({ algorithm });
    expect(await judge(trusting(signing), signing.token())).toBe('accepted');
    expect(decodeProtectedHeader(signing.token())).toEqual({ alg: algorithm, typ: 'at+jwt', kid: 'key-1' });
  });

  it('says what a good token says, and nothing that grants anything', () => {
    const now = expect.any(Number) as number;
    expect(decodeJwt(issuer.token())).toEqual({
      iss: 'https://issuer.test',
      aud: 'api1',
      sub: 'alice',
      client_id: 'test-client',
      iat: now,
      exp: now,
      jti: expect.any(String),
    });
  });

  it('writes any claim, scopes as scope, and leaves out what is undefined', () => {
    const token = issuer.token({ sub: 'bob', scopes: ['a', 'b'], roles: ['boss'], tenant: { id: 7 }, jti: undefined });
    expect(decodeJwt(token)).toMatchObject({ sub: 'bob', scope: 'a b', roles: ['boss'], tenant: { id: 7 } });
    expect(decodeJwt(token)).not.toHaveProperty('jti');
    expect(decodeJwt(token)).not.toHaveProperty('scopes');
    expect(decodeJwt(issuer.token({ scope: 'a b' })).scope).toBe('a b');
    expect(() => issuer.token({ scope: 'a', scopes: ['b'] })).toThrow('give one of them');
  });

  it('writes any header, and gives the token the time that is asked for', () => {
    const token = issuer.token({}, { header: { typ: 'JWT', kid: undefined }, expiresIn: 60 });
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'ES256', typ: 'JWT' });
    const { iat, exp } = decodeJwt(token);
    expect(exp! - iat!).toBe(60);
    expect(() => issuer.token({}, { kid: 'none' })).toThrow("no key 'none'; it has key-1");
  });

  it('stands for an issuer that writes other claims', async () => {
    const other = new TestIssuer({
      claims: { client_id: undefined, azp: 'web', realm_access: { roles: ['admin'] } },
      header: { typ: 'JWT' },
    });
    const claimNames = { clientId: 'azp', roles: ['realm_access', 'roles'] };
    const access = await trusting(other, { tokenType: 'any', claimNames }).verify(other.token());
    expect(access).toMatchObject({ clientId: 'web', roles: ['admin'] });
    expect(await judge(trusting(other), other.token())).toBe('token_type_mismatch');
  });

  it('encrypts a token to an API, with the public part of its key; alg, enc and header may be said', async () => {
    const [rsa, curve] = [rsaKey('rsa', { alg: 'RSA-OAEP' }), curveKey()];
    const guard = trusting(issuer, { decryption: { keys: [rsa, curve], required: true } });
    const { d, p, q, dp, dq, qi, ...published } = rsa;
    for (const key of [rsa, published, curve]) {
      expect(await judge(guard, await issuer.encrypt(issuer.token(), key))).toBe('accepted');
    }
    const headerOf = async (...how: Parameters<TestIssuer['encrypt']>) =>
      decodeProtectedHeader(await issuer.encrypt(...how));
    const usual = { enc: 'A128CBC-HS256', cty: 'at+jwt' };
    expect(await headerOf(issuer.token(), rsa)).toEqual({ ...usual, alg: 'RSA-OAEP', kid: 'rsa' });
    expect(await headerOf(issuer.token(), rsaKey())).toEqual({ ...usual, alg: 'RSA-OAEP-256' });
    expect(await headerOf(issuer.token(), curve)).toEqual({ ...usual, alg: 'ECDH-ES', epk: expect.anything() });
    const said = { alg: 'RSA-OAEP-256', enc: 'A256GCM', header: { cty: 'JWT', kid: undefined } } as const;
    expect(await headerOf(issuer.token(), rsa, said)).toEqual({ alg: 'RSA-OAEP-256', enc: 'A256GCM', cty: 'JWT' });
  });

  it('encrypts bad tokens and bound ones as well', async () => {
    const curve = curveKey();
    const guard = trusting(issuer, { decryption: { keys: [curve] } });
    expect(await judge(guard, await issuer.encrypt(issuer.bad.expired(), curve))).toBe('token_expired');
    expect(await judge(guard, await issuer.encrypt(issuer.dpopHolder().token(), curve))).toBe('token_bound');
  });

  it('makes keys once in a process: the second issuer of the same name costs nothing, one of another name has its own', () => {
    const rsa = new TestIssuer({ algorithm: 'RS256' });
    expect(new TestIssuer({ algorithm: 'RS256' }).jwks()).toEqual(rsa.jwks());
    expect(new TestIssuer({ algorithm: 'RS256', issuer: 'https://tenant.test' }).jwks()).not.toEqual(rsa.jwks());
  });

  it('travels in time together with the guards that trust it', async () => {
    const traveller = new TestIssuer({ clock: () => 1_750_000_000_000 });
    const verifier = trusting(traveller);
    const token = traveller.token({}, { expiresIn: 60 });
    expect(decodeJwt(token).iat).toBe(1_750_000_000);
    expect(await judge(verifier, token)).toBe('accepted');
    traveller.advance(3_600);
    expect(await judge(verifier, token)).toBe('token_expired');
    expect(await judge(verifier, traveller.token())).toBe('accepted');
    traveller.advance(-3_600);
    expect(await judge(verifier, token)).toBe('accepted');
  });

  it('goes by the fake timers of a test runner, also where they come after it', () => {
    const present = Date.now;
    Date.now = () => 1_800_000_000_000;
    try {
      expect(decodeJwt(issuer.token()).iat).toBe(1_800_000_000);
    } finally {
      Date.now = present;
    }
  });

  it('makes its tokens for the audience of the API that trusts it, unless it was given one', () => {
    const adapting = new TestIssuer();
    expect(adapting.audience).toBe('api1');
    expect(adapting.guardOptions({ audience: 'orders' }).audience).toBe('orders');
    expect(decodeJwt(adapting.token()).aud).toBe('orders');
    const fixed = new TestIssuer({ audience: 'api7' });
    expect(fixed.guardOptions().audience).toBe('api7');
    expect(fixed.guardOptions({ audience: 'orders' }).audience).toBe('orders');
    expect(decodeJwt(fixed.token()).aud).toBe('api7');
  });

  it('takes the place of every issuer that an API trusts, and leaves what the API asks of tokens', () => {
    const options = new TestIssuer({ issuer: 'https://two.test' }).guardOptions({
      issuers: [
        { issuer: 'https://one.test', audience: 'one', tokenType: 'any' },
        { issuer: 'https://two.test', audience: 'two', jwksUri: 'https://two.test/keys', clockTolerance: 1 },
      ],
      resolveIssuer: () => undefined,
      dpop: 'required',
    });
    expect(options).toMatchObject({ issuer: 'https://two.test', audience: 'two', clockTolerance: 1, dpop: 'required' });
    expect(options).not.toHaveProperty('issuers');
    expect(options).not.toHaveProperty('resolveIssuer');
    expect(options).not.toHaveProperty('jwksUri');
    expect(options).not.toHaveProperty('tokenType');
  });

  it('asks nobody about reference tokens: there is no network', () => {
    const introspection = { clientId: 'api1', clientSecret: 'secret' };
    expect(issuer.guardOptions({ introspection })).not.toHaveProperty('introspection');
  });

  it('binds a token to a certificate by its thumbprint', () => {
    const { cert, der, thumbprint } = selfSigned('client');
    for (const certificate of [cert, der, new X509Certificate(der), thumbprint]) {
      expect(decodeJwt(issuer.token({}, { certificate })).cnf).toEqual({ 'x5t#S256': thumbprint });
    }
    expect(() => issuer.token({}, { certificate: 'no certificate' })).toThrow();
  });
});

describe('Bad tokens', () => {
  const issuer = new TestIssuer();

  it.each(issuer.bad.all().filter(([name]) => name !== 'stolen'))(
    'are refused for what they are: %s',
    async (name, make) => {
      expect(await judge(trusting(issuer), make({ scopes: ['everything'] }))).toBe(codeOf[name]);
    },
  );

  it('hold all that the test gives, so that nothing else is the reason', () => {
    for (const [, make] of issuer.bad.all()) expect(decodeJwt(make({ scopes: ['orders'] })).scope).toBe('orders');
  });

  it('are all found by all()', () => {
    const names = issuer.bad.all().map(([name]) => name);
    expect(names.sort()).toEqual(Object.keys(codeOf).sort());
  });

  it('take an id_token for one also where the type of tokens is not looked at', async () => {
    expect(await judge(trusting(issuer, { tokenType: 'any' }), issuer.bad.idToken())).toBe('token_type_mismatch');
  });

  it('are made with keys of the issuer’s own kind, but not with its keys', async () => {
    const rsa = new TestIssuer({ algorithm: 'RS256', issuer: 'https://stranger.test' });
    expect(await judge(trusting(rsa), rsa.bad.withWrongSignature())).toBe('signature_invalid');
  });
});
