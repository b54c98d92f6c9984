import type { HandleHash } from '../handle.js';

interface Entry {
  readonly handleHash: HandleHash;
  readonly familyId?: string;
  readonly expiresAt?: number;
}

/** What the in-memory stores of tokens are made of: found by handle, removed by handle, by family or when they ended. */
export class TokenMap<T extends Entry> {
  private readonly tokens = new Map<HandleHash, T>();
  private readonly families = new Map<string, Set<HandleHash>>();

  get(handleHash: HandleHash): T | undefined {
    return this.tokens.get(handleHash);
  }

  set(token: T): void {
    this.tokens.set(token.handleHash, token);
    if (token.familyId === undefined) return;
    const family = this.families.get(token.familyId);
    if (family) family.add(token.handleHash);
    else this.families.set(token.familyId, new Set([token.handleHash]));
  }

  remove(handleHash: HandleHash): void {
    const familyId = this.tokens.get(handleHash)?.familyId;
    this.tokens.delete(handleHash);
    if (familyId === undefined) return;
    const family = this.families.get(familyId);
    family?.delete(handleHash);
    if (family?.size === 0) this.families.delete(familyId);
  }

  /** Looks at all of them: for what people do now and then, not for the way of a request. */
  filter(matches: (token: T) => boolean): T[] {
    return [...this.tokens.values()].filter(matches);
  }

  removeFamily(familyId: string): void {
    this.families.get(familyId)?.forEach((handleHash) => this.tokens.delete(handleHash));
    this.families.delete(familyId);
  }

  removeExpired(now: number, limit: number): number {
    let removed = 0;
    for (const [handleHash, { expiresAt }] of this.tokens) {
      if (removed === limit) break;
      if (expiresAt === undefined || expiresAt >= now) continue;
      this.remove(handleHash);
      removed++;
    }
    return removed;
  }
}
