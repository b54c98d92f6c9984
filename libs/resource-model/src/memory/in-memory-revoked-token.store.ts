import { RevokedTokenStore } from '../stores/revoked-token.store.js';

export class InMemoryRevokedTokenStore extends RevokedTokenStore {
  private readonly expiries = new Map<string, number>();

  async add(id: string, expiresAt: number): Promise<void> {
    this.expiries.set(id, Math.max(expiresAt, this.expiries.get(id) ?? 0));
  }

  async has(...ids: readonly string[]): Promise<boolean> {
    return ids.some((id) => this.expiries.has(id));
  }

  async removeExpired(now: number, limit: number): Promise<number> {
    let removed = 0;
    for (const [jti, expiresAt] of this.expiries) {
      if (removed === limit) break;
      if (expiresAt < now && this.expiries.delete(jti)) removed++;
    }
    return removed;
  }
}
