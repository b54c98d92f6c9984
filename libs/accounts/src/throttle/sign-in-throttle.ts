import { TooManyAttemptsError } from '@tessera/grant-types';
import type { SignInAttempts } from '@tessera/resource-model';
import { GrowingDelay } from './growing-delay.js';
import { countedUnder, fromOneOrigin, type SignInSource } from './sign-in-source.js';
import { Turns } from './turns.js';

/**
 * Lets passwords be tried the slower the more of them were wrong, whether or not anybody has that user name. Only a password that was
 * looked at counts; a right one clears its own account at its own origin, and elsewhere takes back no more than itself: whoever has an
 * account here cannot use it to try others faster.
 */
export class SignInThrottle {
  private readonly turns = new Turns(fromOneOrigin.free);

  constructor(private readonly attempts: SignInAttempts) {}

  /**
   * @param check looks at the password; undefined: it is wrong
   * @throws TooManyAttemptsError without calling `check`
   */
  attempt<T>(source: SignInSource, check: () => Promise<T | undefined>): Promise<T | undefined> {
    const [own, ...wider] = countedUnder(source);
    const delays = [own, ...wider].map(({ key, rule }) => new GrowingDelay(this.attempts, key, rule));
    return this.turns.take(own.key, async () => {
      await refuseWhileHeld(delays);
      await enter(delays);
      const found = await look(delays, check);
      if (found !== undefined) await settle(delays);
      return found;
    });
  }
}

async function refuseWhileHeld(delays: readonly GrowingDelay[]): Promise<void> {
  const waits = await Promise.all(delays.map((delay) => delay.wait()));
  const longest = Math.max(...waits);
  if (longest > 0) throw new TooManyAttemptsError(longest, causeOf(delays[waits.indexOf(longest)]!));
}

/** All or none: what one of them refuses does not count with those before it. */
async function enter(delays: readonly GrowingDelay[]): Promise<void> {
  for (const [i, delay] of delays.entries()) {
    const wait = await delay.enter();
    if (wait === 0) continue;
    await takeBack(delays.slice(0, i));
    throw new TooManyAttemptsError(wait, causeOf(delay));
  }
}

async function look<T>(delays: readonly GrowingDelay[], check: () => Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (error) {
    await takeBack(delays);
    throw error;
  }
}

async function settle([own, ...wider]: readonly GrowingDelay[]): Promise<void> {
  await own?.forget();
  await takeBack(wider);
}

async function takeBack(delays: readonly GrowingDelay[]): Promise<void> {
  await Promise.all(delays.map((delay) => delay.takeBack()));
}

function causeOf({ of }: GrowingDelay): string {
  return `Too many wrong passwords, counted by ${of}.`;
}
