import { describe, expect, it } from '@jest/globals';
import { createHandle, hashHandle } from './handle.js';
import { randomText } from './random-text.js';
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
});

describe('Random text', () => {
  it('is fresh across the blocks it is drawn from, and as long as asked', () => {
    const texts = Array.from({ length: 2000 }, () => randomText(16));
    expect(new Set(texts).size).toBe(2000);
    for (const text of texts) expect(Buffer.from(text, 'base64url')).toHaveLength(16);
  });

  it('shows no bias in any bit', () => {
    const ones = Array.from({ length: 128 }, () => 0);
    for (let i = 0; i < 4000; i++) {
      Buffer.from(randomText(16), 'base64url').forEach((byte, at) => {
        for (let bit = 0; bit < 8; bit++) ones[at * 8 + bit]! += (byte >> bit) & 1;
      });
    }
    // Of 4000 fair bits, fewer than 1700 or more than 2300 ones are ten standard deviations away.
    for (const count of ones) expect(Math.abs(count - 2000)).toBeLessThan(300);
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
