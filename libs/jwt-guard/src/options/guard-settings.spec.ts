import { GuardSettings, JwtGuardOptionsError } from './guard-settings.js';
import type { JwtGuardOptions } from './jwt-guard.options.js';

const good = { issuer: 'https://id.example.com', audience: 'api1' };

function faultsOf(options: unknown): readonly string[] {
  try {
    new GuardSettings(options as JwtGuardOptions);
  } catch (error) {
    if (error instanceof JwtGuardOptionsError) return error.faults;
    throw error;
  }
  return [];
}

describe('The options of the guard', () => {
  it('need an issuer and an audience alone', () => {
    const settings = new GuardSettings(good);
    expect(settings).toMatchObject({
      tokenCacheSize: 5000,
      dpop: { mode: 'off' },
      mtls: { mode: 'off' },
      realm: 'api1',
    });
    const [issuer] = settings.issuers;
    expect(issuer).toMatchObject({
      audience: ['api1'],
      tokenType: 'at+jwt',
      clockTolerance: 5,
      cacheLifetime: 300,
      staleLifetime: 3600,
      refetchCooldown: 30,
      fetchTimeout: 5,
    });
    expect([...issuer!.algorithms]).toEqual(
      ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'], // prettier-ignore
    );
  });

  it.each(['https://id.example.com/tenant/', 'http://localhost:5001', 'http://127.0.0.1:5001', 'http://[::1]:5001'])(
    'take %s as an issuer',
    (issuer) => expect(faultsOf({ ...good, issuer })).toEqual([]),
  );

  it.each([
    'http://id.example.com',
    'http://localhost.example.com',
    'http://127.evil.example.com',
    'http://127.0.0.1.example.com',
    'http://10.0.0.1',
    'id.example.com',
    'https://id.example.com?a=b',
    'https://id.example.com#a',
    'https://user:secret@id.example.com',
    'ftp://localhost',
    '',
    undefined,
    17,
  ])('refuse %s as an issuer', (issuer) => {
    expect(faultsOf({ ...good, issuer })).toEqual([expect.stringMatching(/^issuer: /)]);
  });

  it.each([undefined, '', [], [''], [1], null])('refuse %j as an audience', (audience) => {
    expect(faultsOf({ ...good, audience })).toEqual([expect.stringMatching(/^audience: /)]);
  });

  it.each([[['HS256']], [['none']], [[]], ['RS256'], [['RS256', 'HS512']]])(
    'refuse %j as algorithms: symmetric ones and none are never accepted',
    (algorithms) => expect(faultsOf({ ...good, algorithms })).toEqual([expect.stringMatching(/^algorithms: /)]),
  );

  it('refuse milliseconds where seconds are meant', () => {
    expect(faultsOf({ ...good, clockTolerance: 5000, fetchTimeout: 5000 })).toEqual([
      'clockTolerance: 5000 was given; give a number of seconds from 0 to 300, or leave it out for 5.',
      'fetchTimeout: 5000 was given; give a number of seconds from 1 to 60, or leave it out for 5.',
    ]);
  });

  it('refuse NaN and text where a number is meant', () => {
    expect(faultsOf({ ...good, clockTolerance: NaN, cacheLifetime: '300' })).toHaveLength(2);
  });

  it('refuse an option that does not exist, so that a misspelt one is not silently without effect', () => {
    expect(faultsOf({ ...good, audiences: ['api1'] })).toEqual([
      expect.stringMatching(/^audiences: there is no such option/),
    ]);
  });

  it('say where `global` belongs when a factory returns it', () => {
    expect(faultsOf({ ...good, global: false })).toEqual([expect.stringContaining('beside useFactory')]);
  });

  it('list every fault at once, each with the option, the value and what would be right', () => {
    const faults = faultsOf({ issuer: 'http://id.example.com', jwksUri: 'file:///etc/passwd', clock: 1 });
    expect(faults).toHaveLength(4);
    expect(faults[0]).toBe(
      "issuer: 'http://id.example.com' was given; it must be https (http is accepted for localhost, 127.0.0.1 and [::1] only), such as 'https://id.example.com'. Where this API reaches the issuer by http inside of your network, give the public https issuer and beside it internalAddress: 'http://id.example.com'; the issuer must name itself by its public address there, too (Keycloak: KC_HOSTNAME).",
    );
  });

  it.each([undefined, null, 'https://id.example.com'])('refuse %j in the place of options', (options) => {
    expect(faultsOf(options)).toEqual([expect.stringMatching(/^options: /)]);
  });

  it('an issuer of a list takes what it leaves out from the options beside the list', () => {
    const { issuers } = new GuardSettings({
      audience: 'api1',
      clockTolerance: 10,
      issuers: [
        { issuer: 'https://a.example.com' },
        { issuer: 'https://b.example.com', audience: 'api://b', clockTolerance: 0, tokenType: 'any' },
      ],
    });
    expect(issuers).toMatchObject([
      { issuer: 'https://a.example.com', audience: ['api1'], clockTolerance: 10, tokenType: 'at+jwt' },
      { issuer: 'https://b.example.com', audience: ['api://b'], clockTolerance: 0, tokenType: 'any' },
    ]);
  });

  it('a member that is undefined takes nothing away from what is shared', () => {
    const entry = {
      issuer: 'https://a.example.com',
      audience: undefined,
      algorithms: undefined,
      requiredClaims: undefined,
    };
    const issuers = [entry as unknown as { issuer: string }];
    const settings = new GuardSettings({
      audience: 'api1',
      algorithms: ['ES256'],
      requiredClaims: { mfa: true },
      issuers,
    });
    expect(settings.issuers[0]).toMatchObject({ audience: ['api1'], requiredClaims: [['mfa', true]] });
    expect([...settings.issuers[0]!.algorithms]).toEqual(['ES256']);
  });

  it('refuse one internal address for several issuers: one would speak for all of them', () => {
    const issuers = [{ issuer: 'https://a.example.com' }];
    expect(faultsOf({ audience: 'api1', internalAddress: 'http://sts:3000', issuers })).toEqual([
      expect.stringMatching(/^internalAddress: .* put it into its entry/),
    ]);
  });

  it('refuse an issuer of a list without an audience, and one that stands there twice', () => {
    const issuers = [{ issuer: 'https://a.example.com' }, { issuer: 'https://a.example.com', audience: 'b' }, 'c'];
    expect(faultsOf({ issuers })).toEqual([
      expect.stringMatching(/^issuers\[0\]\.audience: undefined was given/),
      expect.stringMatching(/^issuers\[2\]: 'c' was given/),
      expect.stringMatching(/^issuers: 'https:\/\/a\.example\.com' stands there twice/),
    ]);
  });

  it('refuse introspection at two issuers: a reference token does not say whose it is', () => {
    const introspection = { clientId: 'api1', clientSecret: 'very secret' };
    const issuers = ['https://a.example.com', 'https://b.example.com'].map((issuer) => ({ issuer, introspection }));
    expect(faultsOf({ audience: 'api1', issuers })).toEqual([expect.stringContaining('one alone may')]);
  });

  it.each([
    ['tokenType', 'JWT'],
    ['requiredClaims', ['tenant']],
    ['requiredClaims', { tenant: {} }],
    ['requiredClaims', { tenant: undefined }],
    ['claimNames', { client: 'azp' }],
    ['claimNames', { audience: ['a', 'b'] }],
    ['claimNames', { roles: [] }],
    ['internalAddress', 'http://sts:3000/path'],
    ['internalAddress', 'sts:3000'],
    ['jwks', { keys: [] }],
    ['introspection', 'https://id.example.com/introspect'],
    ['introspection.clientSecret', ''],
    ['introspection.cacheLifetime', 5000],
    ['tokenCache', true],
    ['tokenCache.size', 0],
    ['dpop', 'on'],
    ['dpop.mode', undefined],
    ['dpop.nonceSecret', 'short'],
    ['mtls.certificate', { header: '' }],
    ['publicUrl', 'https://api.example.com/'],
    ['publicUrl', 'api.example.com'],
    ['resourceMetadata.resource', 'http://api.example.com'],
    ['resourceMetadata.resource', 'https://api.example.com#x'],
    ['hooks.accepted', 'console.log'],
    ['hooks.acepted', () => undefined],
    ['callReaders', { rpc: 'authorization' }],
    ['callReaders', () => undefined],
  ])('refuse %s: %j', (path, value) => {
    const [name, member] = path.split('.') as [string, string?];
    const usual = {
      introspection: { clientId: 'a', clientSecret: 'b' },
      dpop: { mode: 'allowed' },
      mtls: { mode: 'allowed' },
    };
    const whole = (usual as Record<string, object>)[name] ?? {};
    const faults = faultsOf({ ...good, [name]: member === undefined ? value : { ...whole, [member]: value } });
    expect(faults).toEqual([expect.stringMatching(new RegExp(`^${path.replaceAll('.', '\\.')}: `))]);
  });

  it('refuse what belongs to one issuer beside a list or a resolver', () => {
    const resolveIssuer = (): undefined => undefined;
    expect(faultsOf({ ...good, resolveIssuer })).toEqual([expect.stringMatching(/^issuer: .* put it into its entry/)]);
    expect(faultsOf({ audience: 'api1', resolveIssuer: {} })).toEqual([expect.stringMatching(/^resolveIssuer: /)]);
    expect(faultsOf({ audience: 'api1', resolveIssuer })).toEqual([]);
  });

  it('a fault never shows a secret', () => {
    const introspection = { clientId: 'api1', clientSecret: 'very secret', secrett: 'very secret' };
    expect(
      faultsOf({ ...good, introspection, dpop: { mode: 'allowed', nonceSecret: 'very secret' } }).join(),
    ).not.toContain('very secret');
    expect(faultsOf({ ...good, issuers: [{ introspection }] }).join()).not.toContain('very secret');
  });
});
