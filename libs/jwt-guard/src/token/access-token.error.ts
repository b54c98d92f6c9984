/** Why a request was not let in. The codes are stable: an application may branch on them, and count them. */
export type AccessTokenErrorCode =
  /** No bearer token was sent. */
  | 'token_missing'
  /** The token was sent twice, or in two ways. */
  | 'request_malformed'
  /** What was sent is not a JWT. */
  | 'token_malformed'
  | 'token_too_long'
  /** The header names an algorithm outside of the accepted ones: also `none` and the symmetric ones. */
  | 'algorithm_not_allowed'
  /** Another kind of JWT, such as an id_token. */
  | 'token_type_mismatch'
  /** The header has `crit`, which demands something that is not understood here. */
  | 'critical_header_unknown'
  | 'issuer_mismatch'
  /** The issuer does not publish the key that the token names. */
  | 'key_unknown'
  /** The token names no key and several keys of the issuer would fit. */
  | 'key_ambiguous'
  /** The issuer's key cannot be used: malformed, too weak. */
  | 'key_unusable'
  | 'signature_invalid'
  | 'audience_mismatch'
  | 'token_expired'
  | 'token_not_yet_valid'
  | 'claim_missing'
  /** A claim has the wrong type. */
  | 'claim_invalid'
  /** The token is bound to a key (`cnf`) and was sent as a plain bearer token. */
  | 'token_bound'
  | 'scope_insufficient'
  /** The issuer's keys cannot be had at the moment; the token was not judged. */
  | 'issuer_unavailable';

/** A token, or a request for want of one, is refused. `message` is for the caller: it never quotes the token. */
export class AccessTokenError extends Error {
  override readonly name = 'AccessTokenError';
  /** With `scope_insufficient`: the scopes that the route needs. */
  readonly requiredScopes: readonly string[] | undefined;
  /** With `issuer_unavailable`: seconds after which another try makes sense. */
  readonly retryAfter: number | undefined;

  constructor(
    readonly code: AccessTokenErrorCode,
    description: string,
    options: { cause?: unknown; requiredScopes?: readonly string[]; retryAfter?: number } = {},
  ) {
    super(description, 'cause' in options ? { cause: options.cause } : undefined);
    this.requiredScopes = options.requiredScopes;
    this.retryAfter = options.retryAfter;
  }
}
