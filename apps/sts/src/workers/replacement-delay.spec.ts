import { describe, expect, it } from '@jest/globals';
import { ReplacementDelay } from './replacement-delay.js';

describe('A worker that ended is replaced', () => {
  it('at once after a long life', () => {
    const delay = new ReplacementDelay();
    expect([delay.after(30), delay.after(86_400)]).toEqual([0, 0]);
  });

  it('later each time while it ends soon, and never later than after half a minute', () => {
    const delay = new ReplacementDelay();
    expect(Array.from({ length: 2000 }, () => delay.after(1)).slice(0, 7)).toEqual([1, 2, 4, 8, 16, 30, 30]);
    expect(delay.after(1)).toBe(30);
    expect([delay.after(31), delay.after(1)]).toEqual([0, 1]);
  });
});
