import { Logger } from '@nestjs/common';
import type { User, UserStore } from '@tessera/resource-model';
import { hashPassword, isWhollyVerified, needsRehash } from '../password-hashing.js';

/** Puts a hash of ours in the place of one from elsewhere when the password is at hand: at a right sign-in. */
export class PasswordRenewal {
  private readonly logger = new Logger('Accounts');

  constructor(private readonly users: UserStore) {}

  /** @param password the right one. Whatever fails here, the person has signed in. */
  async renew({ subject, passwordHash }: User, password: string): Promise<void> {
    if (passwordHash === undefined || !needsRehash(passwordHash)) return;
    if (!isWhollyVerified(passwordHash, password)) return;
    try {
      // Of several at once one is kept, and none where the password was changed meanwhile: both are as it should be.
      await this.users.replacePasswordHash(subject, passwordHash, await hashPassword(password));
    } catch (error) {
      // The name alone: a database names the values of a statement that failed.
      const name = error instanceof Error ? error.name : typeof error;
      this.logger.warn(`The password hash of the subject ${subject} was not renewed: the store failed with ${name}`);
    }
  }
}
