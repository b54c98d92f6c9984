import type { Clock } from '../clock.js';
import { delayAfter, type DelayRule } from '../growing-delay.js';
import { type Admission, SignInAttempts, type Standing } from '../stores/sign-in-attempts.store.js';

interface Count {
  tries: number;
  /** Seconds since 1970, as is the following: when the count is forgotten. */
  readonly countedUntil: number;
  heldUntil: number;
}

/** Sign-in attempts in the memory of one server: several servers count each for itself, and a restart forgets. */
export class InMemorySignInAttempts extends SignInAttempts {
  /** The one longest out of use first. */
  private readonly counts = new Map<string, Count>();

  /**
   * @param mostKeys when there are more, those longest out of use are forgotten. A try leaves up to three, so pushing counts out takes
   *   some 17,000 passwords: hashing does nothing else for a minute, and one address is let in only with seventy of them in 15.
   *   At the worst they take 10 MB.
   */
  constructor(
    private readonly clock: Clock,
    private readonly mostKeys = 50_000,
  ) {
    super();
  }

  /** How many keys are kept. */
  get size(): number {
    return this.counts.size;
  }

  async look(keys: readonly string[]): Promise<readonly Standing[]> {
    const now = this.clock.exact();
    return keys.map((key) => {
      const count = this.of(key, now);
      return { tries: count?.tries ?? 0, wait: waitOf(count, now) };
    });
  }

  async enter(key: string, rule: DelayRule): Promise<Admission> {
    const now = this.clock.exact();
    const count = this.of(key, now) ?? { tries: 0, countedUntil: now + rule.within, heldUntil: 0 };
    const wait = waitOf(count, now);
    if (wait > 0) return { wait, number: 0, heldUntil: 0 };
    count.tries++;
    count.heldUntil = now + delayAfter(rule, count.tries);
    this.use(key, count, now);
    return { wait: 0, number: count.tries, heldUntil: count.heldUntil };
  }

  async takeBack(key: string, { heldUntil }: Admission): Promise<void> {
    const count = this.of(key, this.clock.exact());
    if (!count) return;
    count.tries--;
    if (count.heldUntil === heldUntil) count.heldUntil = 0;
    if (count.tries === 0) this.counts.delete(key);
  }

  async forget(key: string): Promise<void> {
    this.counts.delete(key);
  }

  private of(key: string, now: number): Count | undefined {
    const count = this.counts.get(key);
    return count && count.countedUntil > now ? count : undefined;
  }

  private use(key: string, count: Count, now: number): void {
    this.counts.delete(key);
    this.counts.set(key, count);
    for (const [oldest, { countedUntil }] of this.counts) {
      if (countedUntil > now && this.counts.size <= this.mostKeys) return;
      this.counts.delete(oldest);
    }
  }
}

function waitOf(count: Count | undefined, now: number): number {
  return count ? Math.max(0, Math.ceil(count.heldUntil - now)) : 0;
}
