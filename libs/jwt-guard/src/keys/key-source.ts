import type { CryptoKey } from 'jose';
import type { KeyedHeader } from '../token/unverified-token.js';

/** Where the public keys come from that check signatures. */
export abstract class KeySource {
  /** The key for a header; rejects with an AccessTokenError: `key_unknown`, `key_ambiguous`, `key_unusable`, `issuer_unavailable`. */
  abstract keyFor(header: KeyedHeader): Promise<CryptoKey>;

  /** Gets the keys before the first token needs them. Never rejects: the first token tries again. */
  abstract prefetch(): Promise<void>;
}
