/**
 * Counts of tries to sign in, and what is held up because of them, under keys that tell neither a name nor an address. All times are
 * lengths in seconds, by the clock of the store: several servers that share one then agree.
 */
export abstract class SignInAttempts {
  /**
   * Counts one try, in one atomic step, and tells how many that makes: of any number at once each is told another number. The count is
   * forgotten `within` seconds after its first try.
   */
  abstract count(key: string, within: number): Promise<number>;

  /** Takes one try back. */
  abstract giveBack(key: string): Promise<void>;

  /**
   * Holds the key up for so many seconds, unless it is held up already, in one atomic step. 0 for the one of any number at once who did;
   * for the others the whole seconds that are left.
   */
  abstract hold(key: string, seconds: number): Promise<number>;

  /** For how many seconds yet the key is held up, rounded up; 0: it is not. */
  abstract heldFor(key: string): Promise<number>;

  /** Holds the key up no longer; what was counted stays. */
  abstract release(key: string): Promise<void>;

  /** Forgets everything about the key. */
  abstract forget(key: string): Promise<void>;
}
