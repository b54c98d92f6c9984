import type { Client } from '../client.js';

/** Where clients are found. */
export abstract class ClientStore {
  /** The client of that id, compared exactly, disabled ones included. */
  abstract find(clientId: string): Promise<Client | undefined>;

  /**
   * All clients, for what the server says of itself: discovery, allowed origins. The very same array until something changes, so that what was made
   * of it can be kept as long.
   */
  abstract list(): Promise<readonly Client[]>;
}
