import { describe, expect, it } from '@jest/globals';
import { AuthenticationLevel, authenticationLevelFaults, AuthenticationLevels } from './authentication-levels.js';

const levels = [
  new AuthenticationLevel({ acr: 'basic', ways: [['pwd'], ['sms']] }),
  new AuthenticationLevel({ acr: 'strong', ways: [['pwd', 'otp'], ['hwk']] }),
  new AuthenticationLevel({ acr: 'hardware', ways: [['hwk', 'pin']] }),
];

describe('AuthenticationLevels', () => {
  const known = new AuthenticationLevels(levels);

  it('a level is reached by all methods of one of its ways, or by reaching a stronger one', () => {
    expect(known.isReached('basic', ['pwd'])).toBe(true);
    expect(known.isReached('strong', ['pwd'])).toBe(false);
    expect(known.isReached('strong', ['otp', 'pwd'])).toBe(true);
    expect(known.isReached('basic', ['hwk'])).toBe(true);
    expect(known.isReached('basic', [])).toBe(false);
    expect(known.isReached('unknown', ['hwk', 'pin'])).toBe(false);
  });

  it('names the first level asked for that was reached, else the strongest', () => {
    expect(known.nameFor(['hwk'])).toBe('strong');
    expect(known.nameFor(['hwk'], ['hardware', 'basic', 'strong'])).toBe('basic');
    expect(known.nameFor(['pwd'], ['strong'])).toBe('basic');
    expect(known.nameFor(['fpt'], ['basic'])).toBeUndefined();
    expect(new AuthenticationLevels([]).nameFor(['pwd'], ['basic'])).toBeUndefined();
  });

  it('refuses levels without a name, with one twice, and ways that are none', () => {
    const paths = (...given: AuthenticationLevel[]) =>
      authenticationLevelFaults(given, 'authenticationLevels').map(({ path }) => path);
    expect(paths(...levels)).toEqual([]);
    expect(paths(levels[0]!, levels[0]!)).toEqual(['authenticationLevels[1].acr']);
    expect(paths(new AuthenticationLevel({ acr: 'two words', ways: [['pwd']] }))).toEqual([
      'authenticationLevels[0].acr',
    ]);
    for (const ways of [[], [[]], ['pwd'], [['']]] as unknown as string[][][]) {
      expect(paths(new AuthenticationLevel({ acr: 'a', ways }))).toEqual(['authenticationLevels[0].ways']);
    }
  });
});
