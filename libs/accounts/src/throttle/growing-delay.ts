import type { SignInAttempts } from '@tessera/resource-model';

/** How tries with one key are slowed down. */
export interface DelayRule {
  /** What is counted: for the log. */
  readonly of: string;
  /** So many failures cost nothing; the last of them brings the first delay, of one second, and each after it twice the one before. */
  readonly free: number;
  /** The longest delay, in seconds. */
  readonly longest: number;
  /** Seconds after the first failure at which all are forgotten. */
  readonly within: number;
}

/** Seconds to wait after that many failures. */
export function delayAfter({ free, longest }: DelayRule, failures: number): number {
  return failures < free ? 0 : Math.min(2 ** (failures - free), longest);
}

/** One try under one rule. A try counts as failed from its start, so that those that run at once see one another. */
export class GrowingDelay {
  /** When what this try itself holds up is free again, in milliseconds since 1970. */
  private heldUntil = 0;

  constructor(
    private readonly attempts: SignInAttempts,
    private readonly key: string,
    private readonly rule: DelayRule,
  ) {}

  get of(): string {
    return this.rule.of;
  }

  /** Seconds to wait before a try is worth while; counts nothing, so that asking in vain makes nothing worse. */
  wait(): Promise<number> {
    return this.attempts.heldFor(this.key);
  }

  /** Counts the try; 0: it may go on. Otherwise somebody was faster, the try is taken back, and so many seconds are to wait. */
  async enter(): Promise<number> {
    const failures = await this.attempts.count(this.key, this.rule.within);
    const delay = delayAfter(this.rule, failures);
    if (delay === 0) return 0;
    const wait = await this.attempts.hold(this.key, delay);
    if (wait === 0) this.heldUntil = Date.now() + delay * 1000;
    else await this.attempts.giveBack(this.key);
    return wait;
  }

  /** As if the try had not been made. What another try holds up meanwhile stays so. */
  async takeBack(): Promise<void> {
    await this.attempts.giveBack(this.key);
    if (Date.now() < this.heldUntil) await this.attempts.release(this.key);
  }

  /** As if none had ever been made. */
  forget(): Promise<void> {
    return this.attempts.forget(this.key);
  }
}
