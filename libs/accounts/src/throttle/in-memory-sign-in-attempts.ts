import { SignInAttempts } from '@tessera/resource-model';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/**
 * Sign-in attempts in the memory of one server: several servers count each for itself, and a restart forgets. Each key brings its own
 * length of time; the durations below are for the rest. The limiter goes by Date.now() and clears up with timers that keep no
 * process alive.
 */
export class InMemorySignInAttempts extends SignInAttempts {
  private readonly counts = new RateLimiterMemory({ keyPrefix: '', points: 1, duration: 60 });
  private readonly holds = new RateLimiterMemory({ keyPrefix: '', points: 1, duration: 60 });
  /** All keys, the one longest out of use first. */
  private readonly keys = new Set<string>();

  /**
   * @param mostKeys when there are more, those longest out of use are forgotten. A try leaves up to three, so pushing counts out takes
   *   some 17,000 passwords: hashing does nothing else for a minute, and one address is let in only with seventy of them in 15.
   *   At the worst they take 50 MB.
   */
  constructor(private readonly mostKeys = 50_000) {
    super();
  }

  /** How many keys are kept. */
  get size(): number {
    return this.keys.size;
  }

  async count(key: string, within: number): Promise<number> {
    this.use(key);
    return (await this.counts.penalty(key, 1, { customDuration: within })).consumedPoints;
  }

  async giveBack(key: string): Promise<void> {
    if (this.keys.has(key)) await this.counts.reward(key);
  }

  async hold(key: string, seconds: number): Promise<number> {
    this.use(key);
    try {
      await this.holds.consume(key, 1, { customDuration: seconds });
      return 0;
    } catch (reason) {
      if (reason instanceof RateLimiterRes) return secondsOf(reason);
      throw reason;
    }
  }

  async heldFor(key: string): Promise<number> {
    return secondsOf(await this.holds.get(key));
  }

  async release(key: string): Promise<void> {
    await this.holds.delete(key);
  }

  async forget(key: string): Promise<void> {
    this.keys.delete(key);
    await Promise.all([this.counts.delete(key), this.holds.delete(key)]);
  }

  private use(key: string): void {
    this.keys.delete(key);
    this.keys.add(key);
    if (this.keys.size <= this.mostKeys) return;
    const [oldest] = this.keys as Iterable<string> as [string];
    void this.forget(oldest);
  }
}

function secondsOf(limited: RateLimiterRes | null): number {
  return Math.max(0, Math.ceil((limited?.msBeforeNext ?? 0) / 1000));
}
