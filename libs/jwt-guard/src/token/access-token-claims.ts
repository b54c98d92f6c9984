/** The claims of a verified access token (RFC 9068 §2.2). Frozen, in all depth. */
export interface AccessTokenClaims {
  readonly iss: string;
  /** The person, or the client where no person takes part. */
  readonly sub: string;
  readonly aud?: string | readonly string[];
  readonly client_id?: string;
  /** Seconds since the epoch, as are `iat`, `nbf` and `auth_time`. Every JWT has it; an issuer may leave it out about a reference token. */
  readonly exp?: number;
  readonly iat?: number;
  readonly nbf?: number;
  readonly jti?: string;
  /** Scopes, separated by single spaces. */
  readonly scope?: string;
  readonly auth_time?: number;
  readonly acr?: string;
  readonly amr?: readonly string[];
  readonly sid?: string;
  readonly [claim: string]: unknown;
}

/** Claims as an issuer wrote them. */
export type UncheckedClaims = Readonly<Record<string, unknown>>;
