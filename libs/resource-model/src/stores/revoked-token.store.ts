/** What was taken back before its end: the `jti` of a JWT access token, the tag of a family, the tag of all that a client has for a person. */
export abstract class RevokedTokenStore {
  /**
   * Remembers it until it would have ended anyway, `expiresAt`. `issuedUpTo`: what was issued later is not meant; none: all of it is. (Seconds since
   * 1970.) Added twice, the later of both times counts, and none is later than any.
   */
  abstract add(id: string, expiresAt: number, issuedUpTo?: number): Promise<void>;

  /** Whether something of one of these ids was taken back. `issuedAt` (seconds since 1970): without it, an entry counts whatever it is limited to. */
  abstract has(ids: readonly string[], issuedAt?: number): Promise<boolean>;

  /** Forgets up to `limit` entries that ended before `now` (seconds since 1970); tells how many. */
  abstract removeExpired(now: number, limit: number): Promise<number>;
}
