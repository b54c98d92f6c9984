import type { Client } from '../client.js';

/** Where clients are found. */
export abstract class ClientStore {
  /** The client of that id, compared exactly, disabled ones included. */
  abstract find(clientId: string): Promise<Client | undefined>;

  /** All clients, for what the server says of itself: discovery, allowed origins. Never asked on the way of a request. */
  abstract list(): Promise<readonly Client[]>;
}
