import { Clock } from './clock.js';

interface Bounds {
  /** The most entries that are kept: when it is full, the oldest makes room. */
  readonly capacity: number;
  /** Seconds from the first `set` until an entry is forgotten. */
  readonly lifetime: number;
}

/** What is remembered for a while, bounded in number and time: people can make this server remember things without being known. */
export class ExpiringMap<V> {
  /** The oldest first, and all live equally long: those that have ended stand in front. */
  private readonly entries = new Map<string, { readonly value: V; readonly expiresAt: number }>();

  constructor(
    private readonly clock: Clock,
    private readonly bounds: Bounds,
  ) {}

  add(key: string, value: V): void {
    this.forgetEnded();
    const [oldest] = this.entries.keys();
    if (oldest !== undefined && this.entries.size >= this.bounds.capacity) this.entries.delete(oldest);
    this.entries.set(key, { value, expiresAt: this.clock.now() + this.bounds.lifetime });
  }

  get(key: string): V | undefined {
    const entry = this.entries.get(key);
    return entry && entry.expiresAt > this.clock.now() ? entry.value : undefined;
  }

  /** Puts another value in the place of one that is still there; it ends when that would have ended. */
  replace(key: string, value: V): boolean {
    const entry = this.entries.get(key);
    if (!entry || entry.expiresAt <= this.clock.now()) return false;
    this.entries.set(key, { ...entry, value });
    return true;
  }

  delete(key: string): boolean {
    return this.entries.delete(key);
  }

  *live(): Generator<[key: string, value: V]> {
    for (const [key, { value, expiresAt }] of this.entries) if (expiresAt > this.clock.now()) yield [key, value];
  }

  private forgetEnded(): void {
    for (const [key, { expiresAt }] of this.entries) {
      if (expiresAt > this.clock.now()) return;
      this.entries.delete(key);
    }
  }
}
