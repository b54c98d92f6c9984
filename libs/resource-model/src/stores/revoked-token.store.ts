/** The `jti` of JWT access tokens that were revoked before their end, and the tags of families that were. */
export abstract class RevokedTokenStore {
  /** Remembers the token until it would have ended anyway (seconds since 1970). */
  abstract add(id: string, expiresAt: number): Promise<void>;

  /** Whether one of them is on the list. */
  abstract has(...ids: readonly string[]): Promise<boolean>;

  /** Forgets up to `limit` tokens that ended before `now` (seconds since 1970); tells how many. */
  abstract removeExpired(now: number, limit: number): Promise<number>;
}
