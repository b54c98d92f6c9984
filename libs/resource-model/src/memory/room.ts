/** What one holder has. */
interface Share {
  size: number;
  /** Keys with their sizes, the oldest first. */
  readonly entries: Map<string, number>;
}

/**
 * Who takes how much of a limited room. Holders are ranked by the power of two below what they hold, so that finding one that holds the most, to
 * within a factor of two, costs the same however many they are.
 */
export class Room {
  private readonly shares = new Map<string, Share>();
  private readonly ranks: Set<string>[] = [];
  private used = 0;

  constructor(private readonly capacity: number) {}

  get isOver(): boolean {
    return this.used > this.capacity;
  }

  /** `key` must be new. */
  add(holder: string, key: string, size: number): void {
    const share = this.shares.get(holder) ?? { size: 0, entries: new Map<string, number>() };
    this.shares.set(holder, share);
    share.entries.set(key, size);
    this.resize(holder, share, size);
  }

  remove(holder: string, key: string): void {
    const share = this.shares.get(holder);
    const size = share?.entries.get(key);
    if (!share || size === undefined) return;
    share.entries.delete(key);
    this.resize(holder, share, -size);
    if (share.entries.size === 0) this.shares.delete(holder);
  }

  /** The oldest key of a holder that has the most. */
  oldestOfLargest(): string | undefined {
    for (let rank = this.ranks.length - 1; rank >= 0; rank--) {
      for (const holder of this.ranks[rank] ?? []) return this.shares.get(holder)?.entries.keys().next().value;
    }
    return undefined;
  }

  private resize(holder: string, share: Share, by: number): void {
    const before = rankOf(share.size);
    share.size += by;
    this.used += by;
    const after = rankOf(share.size);
    if (before === after) return;
    this.ranks[before]?.delete(holder);
    if (share.size > 0) (this.ranks[after] ??= new Set()).add(holder);
  }
}

function rankOf(size: number): number {
  return size === 0 ? 0 : Math.floor(Math.log2(size)) + 1;
}
