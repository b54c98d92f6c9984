import type { HandleHash } from './handle.js';

/** An opaque access token as it is kept: what its JWT would say. */
export interface ReferenceToken {
  readonly handleHash: HandleHash;
  /** The refresh token family it was issued with, if any. */
  readonly familyId?: string;
  readonly clientId: string;
  /** The person, whatever the client calls them in `sub`; the client where it acts for itself. */
  readonly subject: string;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}
