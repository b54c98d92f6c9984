import { createLocalJWKSet, errors, type CryptoKey, type JSONWebKeySet } from 'jose';
import { AccessTokenError } from '../token/access-token.error.js';
import type { KeyedHeader } from '../token/unverified-token.js';

/**
 * A published key set (RFC 7517 §5). A key is found by `kid`, and only if its type, curve, use and `alg` suit the
 * header's algorithm: the key decides what it is for, not the token. Symmetric and private members are not used.
 */
export class KeySet {
  private readonly resolve: ReturnType<typeof createLocalJWKSet>;

  /** Throws when the document is not a key set. */
  constructor(document: unknown) {
    this.resolve = createLocalJWKSet(document as JSONWebKeySet);
  }

  /** The key for a header, or undefined where the set has none. */
  async find({ alg, kid }: KeyedHeader): Promise<CryptoKey | undefined> {
    try {
      return await this.resolve({ alg, kid });
    } catch (cause) {
      if (cause instanceof errors.JWKSNoMatchingKey) return undefined;
      if (cause instanceof errors.JWKSMultipleMatchingKeys) {
        // OpenID Connect Core §10.1: with several keys in the set, the token must name its key.
        throw new AccessTokenError('key_ambiguous', 'The token does not say which of several keys signed it (kid).', {
          cause,
        });
      }
      throw new AccessTokenError('key_unusable', 'The key that the token names cannot check its signature.', { cause });
    }
  }
}
