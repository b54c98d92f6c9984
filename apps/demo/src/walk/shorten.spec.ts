import { describe, expect, it } from '@jest/globals';
import { shortenTokens } from './shorten.js';

describe('shortenTokens', () => {
  it('shows the two ends of a token and its length', () => {
    const token = `eyJhbGciOiJS${'a'.repeat(100)}.b-c_d9`;
    expect(shortenTokens(`Bearer ${token}`)).toBe('Bearer eyJhbGciOiJS…b-c_d9 (119 characters)');
  });

  it.each(['openid profile api1 offline_access', 'https://localhost:5001/connect/token', 'a'.repeat(64), ''])(
    'leaves %s as it is',
    (text) => expect(shortenTokens(text)).toBe(text),
  );
});
