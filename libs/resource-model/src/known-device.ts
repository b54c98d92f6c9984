import type { HandleHash } from './handle.js';

/**
 * A browser with which a person has signed in before. Wrong passwords from it are counted apart, so that whoever tries passwords
 * elsewhere does not slow the person down on it. It proves nothing else: the password is asked for all the same.
 */
export interface KnownDevice {
  /** Of the value in the browser's cookie. */
  readonly deviceHash: HandleHash;
  /** One browser may be known for several people. */
  readonly subject: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}
