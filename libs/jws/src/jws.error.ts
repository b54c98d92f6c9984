/** What is wrong with a signed token, or with the key that should check it. The codes are stable. */
export type JwsErrorCode =
  /** Not a compact JWS: parts, base64url, UTF-8, JSON. */
  | 'malformed'
  /** The header demands what is not understood here (RFC 7515 §4.1.11). */
  | 'extension_unknown'
  /** The header names another algorithm than that of the key. */
  | 'algorithm_mismatch'
  | 'signature_invalid'
  /** The key is not a public key for the algorithm, or too weak, or absurdly large. */
  | 'key_unusable';

/** A signed token, or a key, is refused. `message` never quotes it. */
export class JwsError extends Error {
  override readonly name = 'JwsError';

  constructor(
    readonly code: JwsErrorCode,
    description: string,
    options?: ErrorOptions,
  ) {
    super(description, options);
  }
}
