import { DpopReplayStore } from './dpop-replay.store.js';

/**
 * Used proofs in the memory of one process: with several, each remembers for itself, and a proof works once at each. A restart forgets.
 *
 * Full, it refuses further proofs until some expire. To forget used ones instead would let whoever sends enough requests
 * replay a proof that he saw. Only proofs that are good otherwise come here, so filling it takes a valid token and its key, and
 * thousands of signed requests a second for a minute.
 */
export class InMemoryDpopReplayStore extends DpopReplayStore {
  /** Until when each is remembered, the longest remembered first. */
  private readonly used = new Map<string, number>();
  private sweptAt = -Infinity;

  /**
   * @param capacity how many proofs; each takes about 120 bytes. The default lasts for 3,500 requests a second with proofs that live for 60 seconds
   * @param clock the present time in milliseconds since the epoch
   */
  constructor(
    private readonly capacity = 250_000,
    private readonly clock: () => number = Date.now,
  ) {
    super();
  }

  /** How many proofs are remembered. */
  get size(): number {
    return this.used.size;
  }

  override remember(id: string, expiresAt: number): boolean {
    const now = Math.floor(this.clock() / 1000);
    this.forgetOldest(now);
    const until = this.used.get(id);
    if (until !== undefined && until >= now) return false;
    // Deleted first, so that it moves to the end.
    this.used.delete(id);
    if (this.isFull(now)) throw new Error(`${this.capacity} used DPoP proofs are remembered; no more fit in.`);
    this.used.set(id, expiresAt);
    return true;
  }

  /** Each call forgets what it finds at the front; what expired behind something that has not waits for that. */
  private forgetOldest(now: number): void {
    for (const [id, until] of this.used) {
      if (until >= now) return;
      this.used.delete(id);
    }
  }

  /** Looks through everything before it says so, but once a second only: nothing expires in between. */
  private isFull(now: number): boolean {
    if (this.used.size >= this.capacity && this.sweptAt !== now) {
      this.sweptAt = now;
      for (const [id, until] of this.used) if (until < now) this.used.delete(id);
    }
    return this.used.size >= this.capacity;
  }
}
