import { RevokedTokenStore } from '../stores/revoked-token.store.js';

export class InMemoryRevokedTokenStore extends RevokedTokenStore {
  private readonly expiries = new Map<string, number>();

  async add(jti: string, expiresAt: number): Promise<void> {
    this.expiries.set(jti, expiresAt);
  }

  async has(jti: string): Promise<boolean> {
    return this.expiries.has(jti);
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
