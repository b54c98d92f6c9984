/** Why a DPoP proof is refused. The codes are stable; on the wire all but two are `invalid_dpop_proof` (RFC 9449 §5, §7.1). */
export type DpopErrorCode =
  /** Not a proof at all: form, type, key, missing claims. */
  | 'proof_malformed'
  /** A proof for another request, not made by its key, or with an algorithm that is not accepted. */
  | 'proof_invalid'
  | 'proof_expired'
  /** The proof was used before. */
  | 'proof_replayed'
  /** The proof is of another key than the token is bound to. */
  | 'key_mismatch'
  /** The proof needs the nonce that the error carries: `use_dpop_nonce` (RFC 9449 §8, §9). */
  | 'nonce_required'
  /** Whether the proof was used before cannot be said at the moment, so it is not accepted: a 503, not the caller's fault. */
  | 'replay_store_unavailable';

/** A DPoP proof is refused. `message` is for the caller: it never quotes the proof. */
export class DpopError extends Error {
  override readonly name = 'DpopError';
  /** With `nonce_required`: the nonce for the next proof, to be sent as `DPoP-Nonce`. */
  readonly nonce?: string;

  constructor(
    readonly code: DpopErrorCode,
    description: string,
    details: { readonly cause?: unknown; readonly nonce?: string } = {},
  ) {
    super(description, 'cause' in details ? { cause: details.cause } : undefined);
    this.nonce = details.nonce;
  }
}
