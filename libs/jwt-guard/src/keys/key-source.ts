import type { VerificationKey } from '@tessera/jws';

/** The header of a token that may be looked for in the issuer's keys. */
export interface KeyedHeader {
  readonly alg: string;
  readonly kid?: string;
}

/** How an issuer's keys stand, for a health check. Times are seconds since the epoch. */
export interface KeySourceStatus {
  /** False while no token of this issuer can be checked. Keys that nobody has asked for yet count as usable. */
  readonly usable: boolean;
  /** The names (`kid`) of the keys in use. */
  readonly keyIds: readonly string[];
  readonly fetchedAt?: number;
  /** Until when the keys serve if the issuer stays away. */
  readonly usableUntil?: number;
  /** Why the last fetch failed; absent after one that went well. */
  readonly failure?: string;
}

/** Where the public keys of one issuer come from that check signatures. */
export abstract class KeySource {
  /**
   * The key for a header, at once where it is held already.
   * Throws, or where it had to wait rejects with, an AccessTokenError: `key_unknown`, `key_ambiguous`, `key_unusable`, `issuer_unavailable`.
   */
  abstract keyFor(header: KeyedHeader): VerificationKey | Promise<VerificationKey>;

  /**
   * Whether a key that `keyFor` gave is still one of the issuer's, within the bounds of the cache: what was verified with a
   * key that is gone is verified no longer. A set that was fetched anew keeps the identity of the keys that did not change.
   */
  abstract holds(key: VerificationKey): boolean;

  /** Gets the keys before the first token needs them. Never rejects: the first token tries again. */
  abstract prefetch(): Promise<void>;

  abstract status(): KeySourceStatus;
}
