import { UsedIdStore } from '../stores/used-id.store.js';

export class InMemoryUsedIdStore extends UsedIdStore {
  private readonly ends = new Map<string, number>();

  async use(id: string, expiresAt: number): Promise<boolean> {
    if (this.ends.has(id)) return false;
    this.ends.set(id, expiresAt);
    return true;
  }

  async removeExpired(now: number, limit: number): Promise<number> {
    let removed = 0;
    for (const [id, expiresAt] of this.ends) {
      if (removed === limit) break;
      if (expiresAt < now && this.ends.delete(id)) removed++;
    }
    return removed;
  }
}
