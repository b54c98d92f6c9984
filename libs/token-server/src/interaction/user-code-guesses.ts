import { Injectable } from '@nestjs/common';
import { TooManyAttemptsError } from '@tessera/grant-types';
import { Clock, networkOf } from '@tessera/resource-model';
import { GuessLimit } from './guess-limit.js';

/** Who tries a code. */
export interface Guesser {
  /** Undefined: the platform does not know it. */
  readonly address?: string;
  /** The person who is signed in. */
  readonly subject?: string;
}

/** What a guess counts under. */
type Counted = readonly [limit: GuessLimit, key: string];

/** One for all browsers together. */
const everybody = '';

const alone = { free: 5, longest: 60 };

/**
 * Slows down whoever guesses user codes (RFC 8628 §5.1). From one network (of IPv6 a /64), and by one account, five wrong ones are free in ten
 * minutes, and some twenty are all that it gets. All together get 500, and then one a second. People who are signed in, and in whose network and
 * under whose account nothing wrong has been guessed, are let through all the same, up to 1000 wrong ones and then one a second: to shut the page
 * for them somebody needs as many accounts and networks, each good for one guess. Of 20^8 codes all of this finds one of a thousand waiting
 * devices once in some thousand hours of trying.
 */
@Injectable()
export class UserCodeGuesses {
  private readonly byNetwork = new GuessLimit(alone);
  private readonly byAccount = new GuessLimit(alone);
  private readonly overall = new GuessLimit({ free: 500, longest: 1 });
  private readonly ofNewcomers = new GuessLimit({ free: 1000, longest: 1 });

  constructor(private readonly clock: Clock) {}

  /**
   * @param look finds what the code stands for; undefined: it was wrong
   * @throws TooManyAttemptsError without calling `look`
   */
  async attempt<T>(guesser: Guesser, look: () => Promise<T | undefined>): Promise<T | undefined> {
    const counted = this.enter(guesser);
    const found = await look();
    if (found !== undefined) counted.forEach(([limit, key]) => limit.takeBack(key));
    return found;
  }

  private enter(guesser: Guesser): readonly Counted[] {
    const now = this.clock.now();
    const own = this.ownOf(guesser);
    const isNewcomer = guesser.subject !== undefined && own.every(([limit, key]) => !limit.has(key, now));
    const isSpent = this.overall.wait(everybody, now) > 0;
    const counted: Counted[] = [...own, [isNewcomer && isSpent ? this.ofNewcomers : this.overall, everybody]];
    const wait = Math.max(...counted.map(([limit, key]) => limit.wait(key, now)));
    if (wait > 0) throw new TooManyAttemptsError(wait, 'Too many wrong user codes.');
    counted.forEach(([limit, key]) => limit.count(key, now));
    return counted;
  }

  private ownOf({ address = 'unknown', subject }: Guesser): readonly Counted[] {
    const network: Counted = [this.byNetwork, networkOf(address)];
    return subject === undefined ? [network] : [network, [this.byAccount, subject]];
  }
}
