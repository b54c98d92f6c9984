/** Why a request was not let in. The codes are stable: an application may branch on them, and count them. */
export type AccessTokenErrorCode =
  /** No token was sent. */
  | 'token_missing'
  /** The token was sent twice, or in two ways. */
  | 'request_malformed'
  /** What was sent is neither a JWT nor, where reference tokens are accepted, a reference token. */
  | 'token_malformed'
  | 'token_too_long'
  /** The token is encrypted and cannot be opened: to another key, in a way that is not accepted, changed on its way, or with no signed token inside. */
  | 'token_not_opened'
  /** The token is only signed, and encrypted ones alone are accepted. */
  | 'token_not_encrypted'
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
  /** A claim has the wrong type, or another value than the one that is required. */
  | 'claim_invalid'
  /** The issuer does not know the reference token as an active one: expired, revoked, or never issued. */
  | 'token_inactive'
  /** The token is bound to a key (`cnf`) and came without its proof, or with a kind of binding that is not checked here. */
  | 'token_bound'
  /** The token came with a proof, or a proof is required, and the token is bound to no key. */
  | 'token_unbound'
  /** The DPoP proof is missing, malformed, for another request, too old, or signed with another key. */
  | 'proof_invalid'
  /** The DPoP proof was used before. */
  | 'proof_replayed'
  /** The DPoP proof needs the nonce that comes with the answer. */
  | 'nonce_required'
  /** Whether the DPoP proof was used before cannot be said at the moment: the store of used proofs is away. */
  | 'replay_store_unavailable'
  /** The client certificate is missing or is not the one that the token is bound to. */
  | 'certificate_mismatch'
  | 'scope_insufficient'
  | 'role_insufficient'
  /** The claims do not fulfil what `@RequireClaims()` asks for. */
  | 'claims_insufficient'
  /** The person must sign in again, or in another way (RFC 9470). */
  | 'authentication_insufficient'
  /** The issuer's keys or its introspection endpoint cannot be had at the moment; the token was not judged. */
  | 'issuer_unavailable';

/** What a refusal carries beside its code, for the challenge that is sent. */
export interface RefusalDetails {
  readonly cause?: unknown;
  /** With `scope_insufficient`: the scopes that the route needs. */
  readonly requiredScopes?: readonly string[];
  /** With `authentication_insufficient`: the acceptable classes, the best first (RFC 9470 §3). */
  readonly acrValues?: readonly string[];
  /** With `authentication_insufficient`: seconds (RFC 9470 §3). */
  readonly maxAge?: number;
  /** With `issuer_unavailable`: seconds after which another try makes sense. */
  readonly retryAfter?: number;
  /** With `nonce_required`: the nonce for the next proof (RFC 9449 §9). */
  readonly nonce?: string;
}

/** A token, or a request for want of one, is refused. `message` is for the caller: it never quotes the token. */
export class AccessTokenError extends Error {
  override readonly name = 'AccessTokenError';

  constructor(
    readonly code: AccessTokenErrorCode,
    description: string,
    readonly details: RefusalDetails = {},
  ) {
    super(description, 'cause' in details ? { cause: details.cause } : undefined);
  }
}
