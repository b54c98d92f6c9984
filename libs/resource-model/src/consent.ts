/** What a person has allowed a client, for more than this one time. */
export interface Consent {
  readonly subject: string;
  readonly clientId: string;
  /** Every scope that was agreed to, `offline_access` included. */
  readonly scopes: readonly string[];
  /** Claims agreed to one by one (OpenID Connect Core §5.5). */
  readonly claims: readonly string[];
  /** Seconds since 1970. */
  readonly createdAt: number;
  /** Seconds since 1970; none: it counts until it is withdrawn. */
  readonly expiresAt?: number;
}
