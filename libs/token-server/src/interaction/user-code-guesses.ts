import { Injectable } from '@nestjs/common';
import { TooManyAttemptsError } from '@tessera/grant-types';
import {
  attemptKey,
  CountedTry,
  type DelayRule,
  networkOf,
  SignInAttempts,
  type Standing,
} from '@tessera/resource-model';

/** Who tries a code. */
export interface Guesser {
  /** Undefined: the platform does not know it. */
  readonly address?: string;
  /** The person who is signed in. */
  readonly subject?: string;
}

/** What a guess counts under. */
interface Counted {
  readonly key: string;
  readonly rule: DelayRule;
}

const within = 600;
const alone: DelayRule = { free: 5, longest: 60, within };
const overall: Counted = { key: keyOf('overall'), rule: { free: 500, longest: 1, within } };
const ofNewcomers: Counted = { key: keyOf('newcomers'), rule: { free: 1000, longest: 1, within } };

/**
 * Slows down whoever guesses user codes (RFC 8628 §5.1). From one network (of IPv6 a /64), and by one account, five wrong ones are free in ten
 * minutes, and some twenty are all that it gets. All together get 500, and then one a second. People who are signed in, and in whose network and
 * under whose account nothing wrong has been guessed, are let through all the same, up to 1000 wrong ones and then one a second: to shut the page
 * for them somebody needs as many accounts and networks, each good for one guess. Of 20^8 codes all of this finds one of a thousand waiting
 * devices once in some thousand hours of trying. Servers that share their stores count together.
 */
@Injectable()
export class UserCodeGuesses {
  constructor(private readonly attempts: SignInAttempts) {}

  /**
   * @param look finds what the code stands for; undefined: it was wrong
   * @throws TooManyAttemptsError without calling `look`
   */
  async attempt<T>(guesser: Guesser, look: () => Promise<T | undefined>): Promise<T | undefined> {
    const own = ownOf(guesser);
    const maybeNew = guesser.subject !== undefined;
    refuseFor(await this.heldFor(own, maybeNew));
    const guess = await this.enter(own, maybeNew);
    const found = await guess.look(look);
    // It was right: no more than itself is taken back, so that nobody guesses on with a code of their own in between.
    if (found !== undefined) await guess.takeBack();
    return found;
  }

  /** One reading for all: whoever guesses on in vain makes the store write nothing. */
  private async heldFor(own: readonly Counted[], maybeNew: boolean): Promise<number> {
    const keys = [overall, ofNewcomers, ...own].map(({ key }) => key);
    const [all, newcomers, ...theirs] = (await this.attempts.look(keys)) as [Standing, Standing, ...Standing[]];
    const isNewcomer = maybeNew && theirs.every(({ tries }) => tries === 0);
    const wide = isNewcomer && all.wait > 0 ? newcomers : all;
    return Math.max(wide.wait, ...theirs.map(({ wait }) => wait));
  }

  /** All or none: what one key refuses does not count under those before it. */
  private async enter(own: readonly Counted[], maybeNew: boolean): Promise<CountedTry> {
    const guess = new CountedTry(this.attempts);
    const wait = await enterEach(guess, own, maybeNew);
    if (wait > 0) await guess.takeBack();
    refuseFor(wait);
    return guess;
  }
}

/** Seconds to wait; 0: the guess was let in under each key. */
async function enterEach(guess: CountedTry, own: readonly Counted[], maybeNew: boolean): Promise<number> {
  let isNewcomer = maybeNew;
  for (const { key, rule } of own) {
    const { wait, number } = await guess.enter(key, rule);
    if (wait > 0) return wait;
    // Of several that begin at once, on whichever server, only the first finds nothing before it.
    isNewcomer &&= number === 1;
  }
  const { wait } = await guess.enter(overall.key, overall.rule);
  return wait > 0 && isNewcomer ? (await guess.enter(ofNewcomers.key, ofNewcomers.rule)).wait : wait;
}

function refuseFor(wait: number): void {
  if (wait > 0) throw new TooManyAttemptsError(wait, 'Too many wrong user codes.');
}

function ownOf({ address = 'unknown', subject }: Guesser): readonly Counted[] {
  const network = { key: keyOf('network', networkOf(address)), rule: alone };
  return subject === undefined ? [network] : [network, { key: keyOf('account', subject), rule: alone }];
}

/** Other keys than those of passwords, which are kept in the same place. */
function keyOf(...parts: readonly string[]): string {
  return attemptKey('user code', ...parts);
}
