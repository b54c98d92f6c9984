/** What a proof is held against. */
export interface DpopExpectations {
  /** The method of the request; `htm` must be the same, letter for letter. */
  readonly method: string;
  /** The URL of the request as its sender knows it; query and fragment do not count. */
  readonly url: string;
  /** Other URLs of the same target, under which senders may know it as well. */
  readonly aliases?: readonly string[];
  /** The access token that came with the proof; absent at a token endpoint. With it, `ath` must be there and fit. */
  readonly accessToken?: string;
  /** The thumbprint of the key that must have signed: the `jkt` that the access token, the refresh token or the code is bound to. */
  readonly thumbprint?: string;
  /** The present time, in seconds since the epoch. */
  readonly now: number;
}

/** A proof that is good, unless it has been used before. */
export interface ExaminedProof {
  readonly proof: DpopProof;
  /** Uses it up. Rejects with a DpopError: it was used before, or that cannot be found out. */
  readonly useUp: () => Promise<void>;
}

/** What a good proof says. */
export interface DpopProof {
  /** The thumbprint (`jkt`) of the key that signed it. */
  readonly thumbprint: string;
  readonly jti: string;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  /** The nonce in it; checked where the verifier was given nonces. */
  readonly nonce: string | undefined;
  /** To be sent as `DPoP-Nonce` with the answer (RFC 9449 §8.2): the nonce of the proof ends soon. */
  readonly nextNonce: string | undefined;
}
