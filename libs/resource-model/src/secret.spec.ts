import { describe, expect, it } from '@jest/globals';
import { createHandle, hashHandle } from './handle.js';
import { matchesSharedSecret, Secret, sha256, sha512 } from './secret.js';

describe('A shared secret', () => {
  it('is kept as IdentityServer4 keeps it: the base64 of its SHA-256', () => {
    expect(sha256('secret')).toBe('K7gNU3sdo+OL0wNhqoVWhr3g6s1xYv72ol/pe/Unols=');
  });

  it.each([
    ['SHA-256', sha256],
    ['SHA-512', sha512],
  ])('kept as %s matches itself and nothing else', (_name, hash) => {
    const secret = new Secret(hash('sëcret'));
    expect(matchesSharedSecret(secret, 'sëcret')).toBe(true);
    for (const wrong of ['', 'secret', 'sëcret ', 'SËCRET', hash('sëcret')])
      expect(matchesSharedSecret(secret, wrong)).toBe(false);
  });

  it('of another type matches nothing', () => {
    expect(matchesSharedSecret(new Secret(sha256('x'), { type: 'jwk' }), 'x')).toBe(false);
  });
});

describe('A handle', () => {
  it('has 256 bits and is never the same', () => {
    const handles = Array.from({ length: 1000 }, createHandle);
    expect(new Set(handles).size).toBe(1000);
    for (const handle of handles) expect(Buffer.from(handle, 'base64url')).toHaveLength(32);
  });

  it('is found by a hash that does not show it', () => {
    expect(hashHandle('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0');
  });
});
