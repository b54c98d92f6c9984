interface Entry<V> {
  readonly value: V;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Remembers values until their time is over, at most `size` of them; the one that was not used for longest goes first. */
export class ExpiringMap<V extends NonNullable<unknown>> {
  /** In the order of their last use. */
  private readonly entries = new Map<string, Entry<V>>();

  constructor(private readonly size: number) {}

  get(key: string, now: number): V | undefined {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    this.entries.delete(key);
    if (entry.expiresAt <= now) return undefined;
    this.entries.set(key, entry);
    return entry.value;
  }

  set(key: string, value: V, expiresAt: number): void {
    this.entries.delete(key);
    this.entries.set(key, { value, expiresAt });
    if (this.entries.size > this.size) this.entries.delete(this.entries.keys().next().value!);
  }
}
