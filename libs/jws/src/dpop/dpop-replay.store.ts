/** Where used proofs are remembered (RFC 9449 §11.1). Several nodes that serve the same API share one. */
export abstract class DpopReplayStore {
  /**
   * Remembers a proof that was used; false where it is remembered already. One atomic step: of any number of calls at the same
   * time with the same id, exactly one is true. Where that cannot be said, the store throws or rejects, and the proof is refused.
   *
   * @param id 43 characters of base64url: the same for the same key and `jti`
   * @param expiresAt whole seconds since the epoch; after that second the id may be forgotten, and not before
   */
  abstract remember(id: string, expiresAt: number): Promise<boolean> | boolean;
}
