import type { RegisteredClient } from '../registered-client.js';

/** Clients that registered themselves: never those of the configuration. */
export abstract class RegisteredClientStore {
  abstract add(registered: RegisteredClient): Promise<void>;

  /** By the id of the client, compared exactly. */
  abstract find(clientId: string): Promise<RegisteredClient | undefined>;

  /** Up to `limit` of them in the order of their client ids, those after `after`. */
  abstract page(after: string, limit: number): Promise<readonly RegisteredClient[]>;

  /** Takes the place of the one with the same client id. False: there is none any more, and nothing has happened. */
  abstract replace(registered: RegisteredClient): Promise<boolean>;

  /** False: there was none. */
  abstract remove(clientId: string): Promise<boolean>;

  abstract count(): Promise<number>;
}
