import { describe, expect, it } from '@jest/globals';
import { createUserCode, formatUserCode, normalizeUserCode } from './user-code.js';

describe('A user code', () => {
  it('is two times four of the letters of RFC 8628 §6.1', () => {
    for (let i = 0; i < 200; i++)
      expect(createUserCode()).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
  });

  it('uses every letter, and none much more than another', () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 5000; i++) {
      for (const letter of normalizeUserCode(createUserCode())!) counts.set(letter, (counts.get(letter) ?? 0) + 1);
    }
    expect(counts.size).toBe(20);
    // 2000 of each are expected; 300 are seven standard deviations.
    for (const count of counts.values()) expect(Math.abs(count - 2000)).toBeLessThan(300);
  });

  it.each(['WDJB-MJHT', 'wdjbmjht', ' wdjb mjht ', 'WDJB–MJHT', 'w.d.j.b-m.j.h.t'])('is read out of %j', (typed) => {
    expect(normalizeUserCode(typed)).toBe('WDJBMJHT');
  });

  it.each(['', 'WDJB', 'WDJBMJHTX', 'AEIOUAEI', '12345678', '-'.repeat(8)])('cannot be %j', (typed) => {
    expect(normalizeUserCode(typed)).toBeUndefined();
  });

  it('is shown as it was made', () => {
    const shown = createUserCode();
    expect(formatUserCode(normalizeUserCode(shown)!)).toBe(shown);
  });
});
