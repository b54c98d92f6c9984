/** How guesses under one key are slowed down. */
interface GuessRule {
  /** So many cost nothing; the last of them brings a delay of one second, and each after it twice the one before. */
  readonly free: number;
  /** The longest delay, in seconds. */
  readonly longest: number;
}

interface Count {
  guesses: number;
  /** Seconds since 1970, as is the following. */
  readonly since: number;
  last: number;
}

/** Seconds after the first guess at which all are forgotten. */
const within = 600;

/** More keys than guesses slowed down all together can leave behind in two such times. */
const mostKeys = 10_000;

/**
 * Counts guesses in the memory of one server. Nothing is awaited in here, so of many guesses at once each sees those before it. Several servers
 * count each for itself: together they let through as many times more.
 */
export class GuessLimit {
  private readonly counts = new Map<string, Count>();

  constructor(private readonly rule: GuessRule) {}

  /** Seconds until the next guess is let in; 0: now. */
  wait(key: string, now: number): number {
    const count = this.of(key, now);
    return count ? Math.max(0, count.last + this.delayAfter(count.guesses) - now) : 0;
  }

  /** Whether any guess counts under the key: one that was wrong, or that is being looked at. */
  has(key: string, now: number): boolean {
    return this.of(key, now) !== undefined;
  }

  /** A guess counts as wrong from its start on, so that those that run at once see one another. */
  count(key: string, now: number): void {
    const count = this.of(key, now) ?? { guesses: 0, since: now, last: now };
    count.guesses++;
    count.last = now;
    this.counts.set(key, count);
    if (this.counts.size <= mostKeys) return;
    const [oldest] = this.counts.keys();
    this.counts.delete(oldest as string);
  }

  /** It was right: no more than itself is taken back, so that nobody guesses on with a code of their own in between. */
  takeBack(key: string): void {
    const count = this.counts.get(key);
    if (count && --count.guesses <= 0) this.counts.delete(key);
  }

  private of(key: string, now: number): Count | undefined {
    const count = this.counts.get(key);
    if (!count || now - count.since < within) return count;
    this.counts.delete(key);
    return undefined;
  }

  private delayAfter(guesses: number): number {
    const { free, longest } = this.rule;
    return guesses < free ? 0 : Math.min(2 ** (guesses - free), longest);
  }
}
