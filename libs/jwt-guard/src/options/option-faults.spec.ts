import { inspect } from 'node:util';
import { GuardSettings, JwtGuardOptionsError } from './guard-settings.js';
import type { JwtGuardOptions } from './jwt-guard.options.js';

const good = { issuer: 'https://id.example.com', audience: 'api1' };

function refusal(options: unknown): JwtGuardOptionsError | undefined {
  try {
    new GuardSettings(options as JwtGuardOptions);
  } catch (error) {
    if (error instanceof JwtGuardOptionsError) return error;
    throw error;
  }
  return undefined;
}

const faultsOf = (options: unknown): readonly string[] => refusal(options)?.faults ?? [];

describe('A secret in the wrong place', () => {
  const pem = '-----BEGIN PRIVATE KEY-----\nc3VwZXJzZWNyZXQ=supersecret\n-----END PRIVATE KEY-----';

  it.each([
    { jwks: pem },
    { jwks: [pem] },
    { jwks: { kty: 'EC', d: 'supersecret' } },
    { jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'a', y: 'b', d: 'supersecret' }] } },
    { jwks: { keys: [pem] } },
    { introspection: 'o:supersecret' },
    { introspection: ['o', 'supersecret'] },
    { introspection: { clientId: { a: 'supersecret' }, clientSecret: ['supersecret'] } },
    { introspection: { clientId: 'o', clientSecret: 's', endpoint: 'supersecret', authMethod: 'supersecret' } },
    { issuer: 'https://user:supersecret@id.example.com' },
    { issuer: 'https://user:super/supersecret@id.example.com' },
    { issuer: 'https://id.example.com?client_secret=supersecret' },
    { jwksUri: 'https://user:supersecret@id.example.com/jwks' },
    { internalAddress: 'http://user:supersecret@sts:3000' },
    { publicUrl: 'https://user:supersecret@api.example.com' },
    { audience: [pem, 1] },
    { tokenType: pem },
    { issuer: undefined, issuers: { introspection: { clientSecret: 'supersecret' }, jwks: [{ d: 'supersecret' }] } },
    { issuer: undefined, issuers: [pem] },
    { issuer: undefined, issuers: ['https://user:supersecret@id.example.com'] },
    { dpop: { mode: 'allowed', nonceSecret: ['supersecret'] } },
  ])('is not shown by the fault: %#', (options) => {
    const error = refusal({ ...good, ...options });
    expect(error?.faults.length).toBeGreaterThan(0);
    expect(inspect(error)).not.toContain('supersecret');
  });

  it('is called by what it is', () => {
    expect(faultsOf({ ...good, jwks: pem })).toEqual([
      expect.stringMatching(/^jwks: a text of \d+ characters was given; .*JWK Set.*jose/),
    ]);
    expect(faultsOf({ ...good, introspection: ['o', 's'] })).toEqual([
      expect.stringMatching(/^introspection: a list was given; /),
    ]);
    expect(faultsOf({ ...good, issuer: 'https://u:p@id.example.com' })).toEqual([
      expect.stringMatching(/^issuer: 'https:\/\/…@id.example.com' was given; it must not carry a user name/),
    ]);
  });
});

describe('Keys that cannot check a signature stop the start', () => {
  const ec = {
    kty: 'EC',
    crv: 'P-256',
    x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
    y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  };

  it.each([
    [{}, /kty/],
    [{ kty: 'oct', k: 'c2VjcmV0' }, /symmetric/],
    [{ kty: 'oct' }, /symmetric/],
    [{ kty: 'RSA' }, /has no n\b/],
    [{ kty: 'RSA', n: 'AQAB', e: 'AQAB' }, /17 bits.*2048/],
    [{ kty: 'EC', crv: 'P-256', x: ec.x }, /has no y\b/],
    [{ ...ec, y: ec.x }, /EC key/],
    [{ ...ec, d: 'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI' }, /private \(d\)/],
    [{ kty: 'EC', x: ec.x, y: ec.y }, /has no crv\b/],
    ['key', /JWK/],
  ])('%j, by its index', (jwk, reason) => {
    const faults = faultsOf({ ...good, jwks: { keys: [ec, jwk] } });
    expect(faults).toEqual([expect.stringMatching(/^jwks\.keys\[1\]: /)]);
    expect(faults[0]).toMatch(reason);
  });

  it('a set as issuers publish it is fine: keys for encryption and of other curves stand there, too', () => {
    const others = [
      { ...ec, use: 'enc' },
      { kty: 'OKP', crv: 'X25519', x: ec.x },
      { kty: 'AKP', alg: 'ML-DSA-44' },
    ];
    expect(faultsOf({ ...good, jwks: { keys: [...others, ec] } })).toEqual([]);
    expect(faultsOf({ ...good, jwks: { keys: others } })).toEqual([
      expect.stringMatching(/^jwks: .*none of its keys is for signatures/),
    ]);
  });
});

describe('An address that is nearly right', () => {
  it.each([
    [{ issuer: 'https://id.example.com/.well-known/openid-configuration' }, /^issuer: .*'https:\/\/id.example.com'/],
    [{ issuer: ' https://id.example.com' }, /^issuer: .*blanks/],
    [{ issuer: 'https://id.example.com\n' }, /^issuer: .*blanks/],
    [{ jwksUri: 'https://id.example.com/.well-known/openid-configuration' }, /^jwksUri: .*[Ll]eave it out/],
  ])('%j is refused with what would be right', (options, fault) => {
    expect(faultsOf({ ...good, ...options })).toEqual([expect.stringMatching(fault)]);
  });
});

describe('The name of a claim with a dot', () => {
  it('is refused with the path that was meant, and with the way to say it literally', () => {
    expect(faultsOf({ ...good, claimNames: { roles: 'realm_access.roles' } })).toEqual([
      expect.stringMatching(
        /^claimNames: .*\['realm_access', 'roles'\] for roles inside of realm_access.*\['realm_access\.roles'\]/,
      ),
    ]);
  });

  it.each([['realm_access.roles'], 'https://example.com/roles', 'urn:example.com:roles', 'example.com/roles'])(
    '%j is a name',
    (roles) => expect(faultsOf({ ...good, claimNames: { roles } })).toEqual([]),
  );

  it('roles may stand in several places, other claims in one', () => {
    const paths = [['realm_access', 'roles'], ['roles']];
    expect(faultsOf({ ...good, claimNames: { roles: paths } })).toEqual([]);
    for (const claimNames of [{ scope: paths }, { clientId: paths }, { roles: [[]] }, { roles: [['a'], 'b'] }]) {
      expect(faultsOf({ ...good, claimNames })).toEqual([expect.stringMatching(/^claimNames: /)]);
    }
  });
});

describe('An option that does not exist', () => {
  it.each([
    ['isuer', 'issuer'],
    ['audiences', 'audience'],
    ['Audience', 'audience'],
    ['jwksURI', 'jwksUri'],
    ['clockTolerence', 'clockTolerance'],
  ])('%s: did you mean %s?', (name, meant) => {
    expect(faultsOf({ ...good, [name]: 'a' })).toEqual([`${name}: there is no such option; did you mean '${meant}'?`]);
  });

  it('is answered with the whole list where nothing is near', () => {
    expect(faultsOf({ ...good, colour: 'a' })).toEqual([
      expect.stringMatching(/^colour: there is no such option; there are issuer, audience, /),
    ]);
  });

  it.each([
    ['authServerUrl', 'keycloak('],
    ['issuerBaseURL', "'issuer'"],
    ['secretOrKey', "'jwks'"],
    ['jwksRequestsPerMinute', "'refetchCooldown'"],
    ['ignoreExpiration', 'exp'],
    ['constructor', 'there are'],
  ])('%s of another library is told what stands for it here', (name, here) => {
    const options = Object.fromEntries([...Object.entries(good), [name, 'a']]);
    expect(faultsOf(options)).toEqual([expect.stringContaining(here)]);
  });
});

describe('A fault', () => {
  it('of what all issuers share stands there once', () => {
    const issuers = ['a', 'b'].map((name) => ({ issuer: `https://${name}.example.com` }));
    expect(faultsOf({ audience: '', clockTolerance: 5000, issuers })).toEqual([
      expect.stringMatching(/^audience: /),
      expect.stringMatching(/^clockTolerance: /),
    ]);
  });

  it('stands once in what a failed start prints', () => {
    expect(inspect(refusal({ ...good, clockTolerance: 5000 })).split('clockTolerance: ')).toHaveLength(2);
  });
});
