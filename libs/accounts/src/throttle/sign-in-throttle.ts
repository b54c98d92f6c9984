import { Injectable } from '@nestjs/common';
import { TooManyAttemptsError } from '@tessera/grant-types';
import { CountedTry, SignInAttempts } from '@tessera/resource-model';
import { type Counted, countedUnder, fromOneOrigin, type SignInSource } from './sign-in-source.js';
import { Turns } from './turns.js';

/**
 * Lets passwords be tried the slower the more of them were wrong, whether or not anybody has that user name. Only a password that was
 * looked at counts; a right one clears its own account at its own origin, and elsewhere takes back no more than itself: whoever has an
 * account here cannot use it to try others faster. Parallel tries see one another since each counts before its password is looked at;
 * a server that is killed in between thereby costs the person one try, which is forgotten with the others after `within`.
 */
@Injectable()
export class SignInThrottle {
  private readonly turns = new Turns(fromOneOrigin.free);

  constructor(private readonly attempts: SignInAttempts) {}

  /**
   * @param check looks at the password; undefined: it is wrong
   * @throws TooManyAttemptsError without calling `check`
   */
  attempt<T>(source: SignInSource, check: () => Promise<T | undefined>): Promise<T | undefined> {
    const counted = countedUnder(source);
    const [own] = counted;
    return this.turns.take(own.key, async () => {
      await this.refuseWhileHeld(counted);
      const attempt = await this.enter(counted);
      const found = await attempt.look(check);
      if (found !== undefined) await attempt.settle(own.key);
      return found;
    });
  }

  private async refuseWhileHeld(counted: readonly Counted[]): Promise<void> {
    const waits = (await this.attempts.look(counted.map(({ key }) => key))).map(({ wait }) => wait);
    const longest = Math.max(...waits);
    if (longest > 0) throw refusal(longest, counted[waits.indexOf(longest)]!);
  }

  /** All or none: what one of them refuses does not count with those before it. */
  private async enter(counted: readonly Counted[]): Promise<CountedTry> {
    const attempt = new CountedTry(this.attempts);
    for (const each of counted) {
      const { wait } = await attempt.enter(each.key, each.rule);
      if (wait === 0) continue;
      await attempt.takeBack();
      throw refusal(wait, each);
    }
    return attempt;
  }
}

function refusal(wait: number, { of }: Counted): TooManyAttemptsError {
  return new TooManyAttemptsError(wait, `Too many wrong passwords, counted by ${of}.`);
}
