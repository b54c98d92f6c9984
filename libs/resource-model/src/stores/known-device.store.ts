import type { HandleHash } from '../handle.js';
import type { KnownDevice } from '../known-device.js';

/** Browsers that people have signed in with. */
export abstract class KnownDeviceStore {
  /** Remembers that the person signed in with the device; where that is known already, its end moves to the new one. */
  abstract add(device: KnownDevice): Promise<void>;

  /** Whether that person signed in with that device, and it has not ended by `now` (seconds since 1970). */
  abstract has(deviceHash: HandleHash, subject: string, now: number): Promise<boolean>;

  /** Forgets up to `limit` devices that ended before `now` (seconds since 1970); tells how many. */
  abstract removeExpired(now: number, limit: number): Promise<number>;
}
