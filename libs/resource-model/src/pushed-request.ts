import type { HandleHash } from './handle.js';

/** An authorize request that its client has sent ahead (RFC 9126 §2), checked, and waiting for a browser that brings its handle. */
export interface PushedRequest {
  readonly handleHash: HandleHash;
  /** Who has pushed it: nobody else can use it. */
  readonly clientId: string;
  /** What counts of it: where a request object was pushed, the parameters in there. */
  readonly parameters: Readonly<Record<string, string | readonly string[]>>;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}
