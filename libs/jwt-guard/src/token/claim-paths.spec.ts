import { claimAt } from './check-claims.js';

describe('A claim by the way to it', () => {
  const claims = { realm_access: { roles: ['a'] }, list: ['b'], empty: null, text: 'c' };

  it('is what stands at its end', () => {
    expect(claimAt(claims, ['text'])).toBe('c');
    expect(claimAt(claims, ['realm_access', 'roles'])).toEqual(['a']);
    expect(claimAt(claims, ['empty'])).toBeNull();
  });

  it('is absent where a member on the way is missing, or is no object', () => {
    for (const path of [['none'], ['realm_access', 'none'], ['none', 'none'], ['empty', 'x'], ['text', 'length']]) {
      expect(claimAt(claims, path)).toBeUndefined();
    }
  });

  it('is none of what every object has', () => {
    for (const path of [['constructor'], ['constructor', 'name'], ['__proto__'], ['toString'], ['list', 'includes']]) {
      expect(claimAt(claims, path)).toBeUndefined();
    }
  });
});
