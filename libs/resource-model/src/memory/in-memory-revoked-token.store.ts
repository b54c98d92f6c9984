import { RevokedTokenStore } from '../stores/revoked-token.store.js';

interface Entry {
  readonly expiresAt: number;
  readonly issuedUpTo: number;
}

export class InMemoryRevokedTokenStore extends RevokedTokenStore {
  private readonly entries = new Map<string, Entry>();

  async add(id: string, expiresAt: number, issuedUpTo = Infinity): Promise<void> {
    const earlier = this.entries.get(id) ?? { expiresAt, issuedUpTo };
    this.entries.set(id, {
      expiresAt: Math.max(expiresAt, earlier.expiresAt),
      issuedUpTo: Math.max(issuedUpTo, earlier.issuedUpTo),
    });
  }

  async has(ids: readonly string[], issuedAt = 0): Promise<boolean> {
    return ids.some((id) => issuedAt <= (this.entries.get(id)?.issuedUpTo ?? -Infinity));
  }

  async removeExpired(now: number, limit: number): Promise<number> {
    let removed = 0;
    for (const [id, { expiresAt }] of this.entries) {
      if (removed === limit) break;
      if (expiresAt < now && this.entries.delete(id)) removed++;
    }
    return removed;
  }
}
