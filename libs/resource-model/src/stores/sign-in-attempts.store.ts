import type { DelayRule } from '../growing-delay.js';

/** Where a key stands. */
export interface Standing {
  /** How many tries count: those that failed, and those that are being looked at. */
  readonly tries: number;
  /** For how many seconds yet it is held up, rounded up; 0: it is not. */
  readonly wait: number;
}

/** What became of a try. */
export interface Admission {
  /** 0: it was let in, and counts. Otherwise it does not, and so many whole seconds are to wait. */
  readonly wait: number;
  /** Which one it is of those that count: 1 for the first. 0: it does not count. */
  readonly number: number;
  /** What it holds up itself, by which that is known again: seconds since 1970, by the clock of the store. */
  readonly heldUntil: number;
}

/**
 * Counts of tries to sign in, and of guesses of user codes, and what is held up because of them, under keys that tell neither a name nor an address
 * (`attemptKey`). All times go by the clock of the store: several servers that share one then agree.
 */
export abstract class SignInAttempts {
  /** Where each of the keys stands, in their order. Counts nothing, so that asking in vain makes nothing worse. */
  abstract look(keys: readonly string[]): Promise<readonly Standing[]>;

  /**
   * Lets one try in, unless the key is held up, counts it, and holds the key up for `delayAfter` that many, all in one atomic step: of any number
   * at once each is told another number, and no more are let in than the rule has free. Count and hold are forgotten `within` seconds after the
   * first try that counts.
   */
  abstract enter(key: string, rule: DelayRule): Promise<Admission>;

  /** Counts a try no longer, and ends what it itself holds up, in one atomic step; what another one has held up meanwhile stays so. */
  abstract takeBack(key: string, admission: Admission): Promise<void>;

  /** Forgets everything about the key. */
  abstract forget(key: string): Promise<void>;
}
