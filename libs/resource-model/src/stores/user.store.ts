import type { User } from '../user.js';

/** Where people are found, disabled ones included. */
export abstract class UserStore {
  abstract findBySubject(subject: string): Promise<User | undefined>;

  /** User names are compared without regard to case, after Unicode normalisation (NFKC). */
  abstract findByUsername(username: string): Promise<User | undefined>;
}

/** The form in which user names are compared: unique over all people. */
export function normalizeUsername(username: string): string {
  return username.normalize('NFKC').trim().toLowerCase();
}
