import type { HandleHash } from '../handle.js';
import type { KnownDevice } from '../known-device.js';
import { KnownDeviceStore } from '../stores/known-device.store.js';

export class InMemoryKnownDeviceStore extends KnownDeviceStore {
  private readonly expiries = new Map<string, number>();

  async add({ deviceHash, subject, expiresAt }: KnownDevice): Promise<void> {
    this.expiries.set(keyOf(deviceHash, subject), expiresAt);
  }

  async has(deviceHash: HandleHash, subject: string, now: number): Promise<boolean> {
    const expiresAt = this.expiries.get(keyOf(deviceHash, subject));
    return expiresAt !== undefined && expiresAt > now;
  }

  async removeExpired(now: number, limit: number): Promise<number> {
    let removed = 0;
    for (const [key, expiresAt] of this.expiries) {
      if (removed === limit) break;
      if (expiresAt < now && this.expiries.delete(key)) removed++;
    }
    return removed;
  }
}

/** A hash has no space in it, so two pairs never make the same key. */
function keyOf(deviceHash: HandleHash, subject: string): string {
  return `${deviceHash} ${subject}`;
}
