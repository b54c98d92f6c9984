import { describe, expect, it } from '@jest/globals';
import { User } from '../user.js';
import { checkConfiguration } from './check-configuration.js';
import { describeFault } from './fault.js';

const problemsOf = (claims: Record<string, unknown>) => {
  const users = [new User({ subject: '1', username: 'alice', claims })];
  const none = { identityResources: [], apiScopes: [], apiResources: [], authorizationDetailTypes: [], clients: [] };
  return checkConfiguration({ ...none, users }, ['RS256']).faults.map(describeFault);
};

describe('The standard claims of a person (OpenID Connect Core §5.1)', () => {
  it('are text, truth, a time and an address', () => {
    const address = { formatted: 'Bahnhofstrasse 1', postal_code: '8001', floor: 3 };
    const claims = { name: 'Alice', phone_number: '+41446681800', email_verified: true, updated_at: 1, address };
    expect(problemsOf(claims)).toEqual([]);
  });

  it('of another type are told, with what YAML makes of a telephone number', () => {
    expect(problemsOf({ phone_number: 41446681800, email_verified: 'true', updated_at: '2026-01-01' })).toEqual([
      'users[0].claims.phone_number: must be text (OpenID Connect Core §5.1); YAML takes a number for text only in quotes (got 41446681800)',
      'users[0].claims.email_verified: must be true or false, without quotes (OpenID Connect Core §5.1) (got "true")',
      'users[0].claims.updated_at: must be a number, seconds since 1970 (OpenID Connect Core §5.1) (got "2026-01-01")',
    ]);
  });

  it('are looked at inside the address as well', () => {
    expect(problemsOf({ address: { postal_code: 8001 } })).toEqual([
      expect.stringMatching(/^users\[0\]\.claims\.address\.postal_code: must be text .* \(got 8001\)$/),
    ]);
    for (const address of ['Bahnhofstrasse 1', null, ['Bahnhofstrasse 1']]) {
      expect(problemsOf({ address })).toEqual([expect.stringContaining('claims.address: must be an object')]);
    }
  });

  it('beside others, whose types only the application knows', () => {
    expect(problemsOf({ role: ['admin', 'user'], level: 3, 'https://example.com/x': { y: true } })).toEqual([]);
  });
});
