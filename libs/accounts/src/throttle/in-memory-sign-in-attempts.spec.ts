import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { signInAttemptsContract } from '@tessera/resource-model/testing';
import { InMemorySignInAttempts } from './in-memory-sign-in-attempts.js';

describe('InMemorySignInAttempts', () => {
  // The limiter goes by Date.now() and clears up by setTimeout.
  beforeAll(() => void jest.useFakeTimers());
  afterAll(() => void jest.useRealTimers());

  signInAttemptsContract(
    async () => new InMemorySignInAttempts(),
    async (seconds) => jest.advanceTimersByTime(seconds * 1000),
  );

  it('keeps no more than so many keys, and forgets those longest out of use', async () => {
    const attempts = new InMemorySignInAttempts(100);
    const timers = jest.getTimerCount();
    for (let i = 0; i < 1000; i++) {
      await attempts.count(`key ${i}`, 60);
      await attempts.hold(`key ${i}`, 60);
      // In use all the time, as the keys of an attacker are.
      expect(await attempts.count('used', 60)).toBe(i + 1);
    }
    expect(attempts.size).toBe(100);
    // Each key of the limiters has a timer.
    expect(jest.getTimerCount() - timers).toBeLessThanOrEqual(200);
    expect([await attempts.heldFor('key 0'), await attempts.heldFor('key 999')]).toEqual([0, 60]);
  });

  it('has nothing to take back of a key that was forgotten', async () => {
    const attempts = new InMemorySignInAttempts();
    await attempts.giveBack('key');
    expect(await attempts.count('key', 60)).toBe(1);
  });
});

describe('What is counted', () => {
  it('keeps no process alive', async () => {
    const attempts = new InMemorySignInAttempts();
    const before = process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
    await attempts.count('key', 86_400);
    await attempts.hold('key', 900);
    expect(process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length).toBe(before);
    await attempts.forget('key');
  });
});
