import { describe, expect, it } from '@jest/globals';
import { DpopNonces } from './dpop-nonces.js';

const secret = 'thirty-two bytes of a test secret';
const now = 1_800_000_000;

describe('DpopNonces', () => {
  it('accepts its nonce for one lifetime at least and two at most', () => {
    const nonces = new DpopNonces(secret, 100);
    const early = nonces.current(now);
    const late = nonces.current(now + 99);
    expect(late).toBe(early);
    expect(nonces.accepts(early, now + 199)).toBe(true);
    expect(nonces.accepts(early, now + 200)).toBe(false);
    expect(nonces.current(now + 100)).not.toBe(early);
  });

  it('accepts none that it will give', () => {
    const nonces = new DpopNonces(secret, 100);
    const next = nonces.current(now + 100);
    expect(nonces.accepts(next, now)).toBe(false);
    expect(nonces.accepts(next, now + 100)).toBe(true);
  });

  it('gives the same at all nodes that share the secret, and others with another', () => {
    const [one, two] = [new DpopNonces(secret), new DpopNonces(Buffer.from(secret))];
    expect(two.accepts(one.current(now), now)).toBe(true);
    expect(new DpopNonces(`${secret}!`).accepts(one.current(now), now)).toBe(false);
  });

  it('gives other nonces with another lifetime, whose windows have the same number', () => {
    expect(new DpopNonces(secret, 200).accepts(new DpopNonces(secret, 100).current(now), now * 2)).toBe(false);
  });

  it('RFC 9449 §8.1: its nonces have the characters of one', () => {
    expect(new DpopNonces(secret).current(now)).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it.each(['', 'x', 'ä'.repeat(43), '€'.repeat(43), '\0'.repeat(43)])('accepts nothing else: %j', (nonce) => {
    expect(new DpopNonces(secret).accepts(nonce, now)).toBe(false);
  });

  it('is not made with a short secret or without a lifetime', () => {
    expect(() => new DpopNonces('short')).toThrow('The secret for DPoP nonces has 5 bytes; it needs 32 or more.');
    expect(() => new DpopNonces(secret, 0)).toThrow(RangeError);
    expect(() => new DpopNonces(secret, NaN)).toThrow(RangeError);
  });
});
