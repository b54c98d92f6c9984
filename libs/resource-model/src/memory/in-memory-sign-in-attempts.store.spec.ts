import { beforeEach, describe, expect, it } from '@jest/globals';
import { Clock } from '../clock.js';
import { signInAttemptsContract } from '../testing/index.js';
import { InMemorySignInAttempts } from './in-memory-sign-in-attempts.store.js';

class FakeClock extends Clock {
  private seconds = 1_900_000_000;

  now(): number {
    return Math.floor(this.seconds);
  }

  override exact(): number {
    return this.seconds;
  }

  advance(seconds: number): void {
    this.seconds += seconds;
  }
}

describe('InMemorySignInAttempts', () => {
  const rule = { free: 1, longest: 60, within: 600 };
  let clock: FakeClock;
  beforeEach(() => void (clock = new FakeClock()));

  signInAttemptsContract(
    async () => new InMemorySignInAttempts(clock),
    async (seconds) => clock.advance(seconds),
  );

  it('holds a key up to the end of the second that it has begun', async () => {
    const attempts = new InMemorySignInAttempts(clock);
    clock.advance(0.75);
    await attempts.enter('key', rule);
    clock.advance(0.5);
    expect(await attempts.look(['key'])).toEqual([{ tries: 1, wait: 1 }]);
    clock.advance(0.5);
    expect(await attempts.look(['key'])).toEqual([{ tries: 1, wait: 0 }]);
  });

  it('keeps no more than so many keys, and forgets those longest out of use', async () => {
    const attempts = new InMemorySignInAttempts(clock, 100);
    for (let i = 0; i < 1000; i++) {
      await attempts.enter(`key ${i}`, rule);
      // In use all the time, as the keys of an attacker are.
      expect(await attempts.enter('used', { ...rule, free: 2000 })).toMatchObject({ number: i + 1 });
    }
    expect(attempts.size).toBe(100);
    const standings = await attempts.look(['key 0', 'key 999']);
    expect(standings.map(({ wait }) => wait)).toEqual([0, 1]);
  });

  it('keeps nothing that is over once others are counted, and nothing that was taken back', async () => {
    const attempts = new InMemorySignInAttempts(clock);
    for (let i = 0; i < 50; i++) await attempts.enter(`key ${i}`, rule);
    clock.advance(600);
    const admission = await attempts.enter('other', rule);
    expect(attempts.size).toBe(1);
    await attempts.takeBack('other', admission);
    expect(attempts.size).toBe(0);
  });
});
