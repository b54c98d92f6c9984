import type { RegisteredClient } from '../registered-client.js';
import { RegisteredClientStore } from '../stores/registered-client.store.js';

export class InMemoryRegisteredClientStore extends RegisteredClientStore {
  private readonly registered = new Map<string, RegisteredClient>();

  async add(registered: RegisteredClient): Promise<void> {
    this.registered.set(registered.client.clientId, registered);
  }

  async find(clientId: string): Promise<RegisteredClient | undefined> {
    return this.registered.get(clientId);
  }

  async page(after: string, limit: number): Promise<readonly RegisteredClient[]> {
    const ids = [...this.registered.keys()].filter((id) => id > after).sort();
    return ids.slice(0, limit).map((id) => this.registered.get(id)!);
  }

  async replace(registered: RegisteredClient): Promise<boolean> {
    if (!this.registered.has(registered.client.clientId)) return false;
    this.registered.set(registered.client.clientId, registered);
    return true;
  }

  async remove(clientId: string): Promise<boolean> {
    return this.registered.delete(clientId);
  }

  async count(): Promise<number> {
    return this.registered.size;
  }
}
