import type { AccessTokenClaims } from './access-token-claims.js';

/** The key that the holder of a token must prove (RFC 7800 §3.1). */
export interface Confirmation {
  /** The thumbprint of the key that signs DPoP proofs (RFC 9449 §6). */
  readonly jkt?: string;
  /** The SHA-256 thumbprint of the client certificate (RFC 8705 §3.1). */
  readonly 'x5t#S256'?: string;
}

/** What a good token says, read once for all the requests that bring it. Frozen, in all depth. */
export interface VerifiedAccess {
  /** A JWT that was checked here, or a reference token that the issuer vouched for. */
  readonly kind: 'jwt' | 'reference';
  readonly claims: AccessTokenClaims;
  readonly issuer: string;
  /** The person, or the client where no person takes part. */
  readonly subject: string;
  /** Absent where the issuer does not say it. */
  readonly clientId: string | undefined;
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
  /** Present where the token is bound to a key. */
  readonly confirmation: Confirmation | undefined;
}
