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
      audience: ['api1'],
      clockTolerance: 5,
      cacheLifetime: 300,
      staleLifetime: 3600,
      refetchCooldown: 30,
      fetchTimeout: 5,
    });
    expect(settings.algorithms).toEqual(
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
      "issuer: 'http://id.example.com' was given; it must be https (http is accepted for localhost, 127.0.0.1 and [::1] only), such as 'https://id.example.com'.",
    );
  });

  it.each([undefined, null, 'https://id.example.com'])('refuse %j in the place of options', (options) => {
    expect(faultsOf(options)).toEqual([expect.stringMatching(/^options: /)]);
  });
});
