import type { User } from '../user.js';

/** Where people are found, disabled ones included. */
export abstract class UserStore {
  abstract findBySubject(subject: string): Promise<User | undefined>;

  /** User names are compared without regard to case, after Unicode normalisation (NFKC). */
  abstract findByUsername(username: string): Promise<User | undefined>;

  /**
   * Puts one password hash in the place of another, in one atomic step: of several at once one succeeds.
   * @param from what was read: a password that was changed meanwhile is never overwritten
   * @returns whether it was replaced; false: there is another hash by now, or none, or no such person
   */
  abstract replacePasswordHash(subject: string, from: string, to: string): Promise<boolean>;
}

/** The form in which user names are compared: unique over all people. */
export function normalizeUsername(username: string): string {
  return username.normalize('NFKC').trim().toLowerCase();
}
