import type { DelayRule } from './growing-delay.js';
import type { Admission, SignInAttempts } from './stores/sign-in-attempts.store.js';

/**
 * One try, counted under as many keys as it enters. It counts as failed from its start, so that those that run at once, here or on other servers, see
 * one another. Of a server that is killed in the middle one try stays counted, and what it holds up; it is forgotten with the others, `within`
 * seconds after the first.
 */
export class CountedTry {
  private readonly admissions = new Map<string, Admission>();

  constructor(private readonly attempts: SignInAttempts) {}

  /** Counts the try under the key, unless that is held up. */
  async enter(key: string, rule: DelayRule): Promise<Admission> {
    const admission = await this.attempts.enter(key, rule);
    if (admission.wait === 0) this.admissions.set(key, admission);
    return admission;
  }

  /** What could not be looked at does not count. */
  async look<T>(check: () => Promise<T>): Promise<T> {
    try {
      return await check();
    } catch (error) {
      await this.takeBack();
      throw error;
    }
  }

  /** As if the try had not been made. What other tries hold up stays so. */
  async takeBack(): Promise<void> {
    const entered = [...this.admissions];
    this.admissions.clear();
    await Promise.all(entered.map(([key, admission]) => this.attempts.takeBack(key, admission)));
  }

  /** As if none had ever been made under this key; under the others as if this one had not. */
  async settle(key: string): Promise<void> {
    this.admissions.delete(key);
    await Promise.all([this.attempts.forget(key), this.takeBack()]);
  }
}
