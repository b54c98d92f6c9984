import { Logger } from '@nestjs/common';
import { passwordHashFault, type User } from '@tessera/resource-model';
import { needsRehash, verifyPassword } from '../password-hashing.js';

const logger = new Logger('Accounts');

/**
 * Whether the password is the user's, in no less time than one hash of ours takes: nobody learns from a quick answer who exists, who
 * has no password, or whose hash was made elsewhere. A hash that takes longer than ours, and no other, still shows.
 * @param nobody a hash of ours that no password matches
 * @throws OAuthError `temporarily_unavailable` where too many wait already
 */
export async function verifyOrPretend(user: User | undefined, password: string, nobody: string): Promise<boolean> {
  const passwordHash = usableHashOf(user);
  if (passwordHash !== undefined && !needsRehash(passwordHash)) return verifyPassword(passwordHash, password);
  const [isRight] = await Promise.all([
    passwordHash !== undefined && verifyPassword(passwordHash, password),
    verifyPassword(nobody, password),
  ]);
  return isRight;
}

/** A store may hold what no configuration let in: it is looked at before anything is computed. */
function usableHashOf(user: User | undefined): string | undefined {
  if (user?.passwordHash === undefined) return undefined;
  const fault = passwordHashFault(user.passwordHash);
  if (fault === undefined) return user.passwordHash;
  logger.error(`The person with the subject ${user.subject} cannot sign in: the passwordHash ${fault}`);
  return undefined;
}
