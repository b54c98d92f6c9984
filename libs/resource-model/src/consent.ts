/** What a person has allowed a client, for more than this one time. */
export interface Consent {
  readonly subject: string;
  readonly clientId: string;
  /** Every scope that was agreed to, `offline_access` included. */
  readonly scopes: readonly string[];
  /** Claims agreed to one by one (OpenID Connect Core §5.5). */
  readonly claims: readonly string[];
  /** When the person last agreed, in seconds since 1970. */
  readonly createdAt: number;
  /** When the first of them ends, and with it all, in seconds since 1970; none: it counts until it is withdrawn. */
  readonly expiresAt?: number;
}
