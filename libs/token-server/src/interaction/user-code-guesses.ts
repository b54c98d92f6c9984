import { Injectable } from '@nestjs/common';
import { TooManyAttemptsError } from '@tessera/grant-types';
import { Clock } from '@tessera/resource-model';
import { GuessLimit } from './guess-limit.js';

/** One for all browsers together. */
const everybody = '';

/**
 * Slows down whoever guesses user codes (RFC 8628 §5.1). From one address five wrong ones are free in ten minutes, and some twenty are all that
 * it gets. All addresses together get 500, and then one a second, so that many of them gain little and nobody is shut out for longer: of 20^8
 * codes that finds one of a thousand waiting devices once in some thousand hours of trying.
 */
@Injectable()
export class UserCodeGuesses {
  private readonly byAddress = new GuessLimit({ free: 5, longest: 60 });
  private readonly overall = new GuessLimit({ free: 500, longest: 1 });

  constructor(private readonly clock: Clock) {}

  /**
   * @param look finds what the code stands for; undefined: it was wrong
   * @throws TooManyAttemptsError without calling `look`
   */
  async attempt<T>(address: string, look: () => Promise<T | undefined>): Promise<T | undefined> {
    this.enter(address);
    const found = await look();
    if (found !== undefined) {
      this.byAddress.takeBack(address);
      this.overall.takeBack(everybody);
    }
    return found;
  }

  private enter(address: string): void {
    const now = this.clock.now();
    const wait = Math.max(this.byAddress.wait(address, now), this.overall.wait(everybody, now));
    if (wait > 0) throw new TooManyAttemptsError(wait, 'Too many wrong user codes.');
    this.byAddress.count(address, now);
    this.overall.count(everybody, now);
  }
}
