import type { RegisteredClient } from '../registered-client.js';
import { RegisteredClientStore } from '../stores/registered-client.store.js';

export class InMemoryRegisteredClientStore extends RegisteredClientStore {
  private readonly registered = new Map<string, RegisteredClient>();

  async add(registered: RegisteredClient, most: number): Promise<boolean> {
    if (this.registered.size >= most) return false;
    this.registered.set(registered.client.clientId, registered);
    return true;
  }

  async find(clientId: string): Promise<RegisteredClient | undefined> {
    return this.registered.get(clientId);
  }

  async page(after: string, limit: number): Promise<readonly RegisteredClient[]> {
    const ids = [...this.registered.keys()].filter((id) => id > after).sort();
    return ids.slice(0, limit).map((id) => this.registered.get(id)!);
  }

  async replace(registered: RegisteredClient): Promise<boolean> {
    const { clientId } = registered.client;
    const earlier = this.registered.get(clientId);
    if (!earlier) return false;
    this.registered.set(clientId, withEnd(registered, earlier.unusedUntil));
    return true;
  }

  async remove(clientId: string): Promise<boolean> {
    return this.registered.delete(clientId);
  }

  async count(): Promise<number> {
    return this.registered.size;
  }

  async keep(clientId: string): Promise<void> {
    const used = this.registered.get(clientId);
    if (used) this.registered.set(clientId, withEnd(used, undefined));
  }

  async removeExpired(now: number, limit: number): Promise<number> {
    let removed = 0;
    for (const [clientId, { unusedUntil = Infinity }] of this.registered) {
      if (removed === limit) break;
      if (unusedUntil < now && this.registered.delete(clientId)) removed++;
    }
    return removed;
  }
}

function withEnd({ unusedUntil: _earlier, ...registered }: RegisteredClient, unusedUntil: number | undefined) {
  return unusedUntil === undefined ? registered : { ...registered, unusedUntil };
}
