import type { AuthorizationCode } from '../authorization-code.js';
import type { HandleHash } from '../handle.js';

/** Authorization codes. */
export abstract class AuthorizationCodeStore {
  abstract add(code: AuthorizationCode): Promise<void>;

  /** The code as it stands, redeemed or not, expired or not. */
  abstract find(handleHash: HandleHash): Promise<AuthorizationCode | undefined>;

  /** Uses the code up in one atomic step: of any number of tries exactly one is told true. */
  abstract redeem(handleHash: HandleHash): Promise<boolean>;

  /**
   * Removes every code that a client has for a person, redeemed or not, in one atomic step, and gives the families of their tokens: those of one that is
   * being redeemed at this moment are still to be written.
   */
  abstract removeGrants(subject: string, clientId: string): Promise<readonly string[]>;

  /** Removes up to `limit` codes that ended before `now` (seconds since 1970); tells how many. */
  abstract removeExpired(now: number, limit: number): Promise<number>;
}
