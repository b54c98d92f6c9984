import type { Client } from '../client.js';
import { ClientStore } from '../stores/client.store.js';

export class InMemoryClientStore extends ClientStore {
  private readonly clients: ReadonlyMap<string, Client>;
  private readonly all: readonly Client[];

  constructor(clients: readonly Client[]) {
    super();
    this.clients = new Map(clients.map((client) => [client.clientId, client]));
    this.all = [...this.clients.values()];
  }

  async find(clientId: string): Promise<Client | undefined> {
    return this.clients.get(clientId);
  }

  async list(): Promise<readonly Client[]> {
    return this.all;
  }
}
