/** What counts once: the `jti` of a client's assertion, of a DPoP proof, of a request object. */
export abstract class UsedIdStore {
  /**
   * Uses an id up. One atomic step: of any number of calls with the same id, on any number of nodes, exactly one is told true.
   * @param id says what it is for as well, so that two kinds never meet; not longer than 200 characters
   * @param expiresAt seconds since 1970; after that the id may be forgotten, and not before
   */
  abstract use(id: string, expiresAt: number): Promise<boolean>;

  /** Removes up to `limit` ids that ended before `now` (seconds since 1970); tells how many. */
  abstract removeExpired(now: number, limit: number): Promise<number>;
}
