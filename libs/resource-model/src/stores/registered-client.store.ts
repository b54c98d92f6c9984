import type { RegisteredClient } from '../registered-client.js';

/** Clients that registered themselves: never those of the configuration. */
export abstract class RegisteredClientStore {
  /** False: there are `most` of them already, and nothing has happened. However many are added at once, there are never more. */
  abstract add(registered: RegisteredClient, most: number): Promise<boolean>;

  /** By the id of the client, compared exactly. */
  abstract find(clientId: string): Promise<RegisteredClient | undefined>;

  /** Up to `limit` of them in the order of their client ids, those after `after`. */
  abstract page(after: string, limit: number): Promise<readonly RegisteredClient[]>;

  /**
   * Takes the place of the one with the same client id, in all but `unusedUntil`, which `keep` alone changes. False: there is none any more, and
   * nothing has happened.
   */
  abstract replace(registered: RegisteredClient): Promise<boolean>;

  /** False: there was none. */
  abstract remove(clientId: string): Promise<boolean>;

  abstract count(): Promise<number>;

  /** The client has been used, and does not end by itself any more. */
  abstract keep(clientId: string): Promise<void>;

  /** Removes up to `limit` of those that ended unused before `now`; tells how many. */
  abstract removeExpired(now: number, limit: number): Promise<number>;
}
