import type { AuthorizationDetail } from './authorization-detail.js';
import type { HandleHash } from './handle.js';
import type { Authentication } from './refresh-token.js';
import type { RequestedClaims } from './requested-claims.js';

/** The proof key that a code is bound to (RFC 7636 §4.3). */
export interface CodeChallenge {
  readonly value: string;
  readonly method: 'S256' | 'plain';
}

/** An authorization code as it is kept: what a person agreed to, for one client and one redirect URI (RFC 6749 §4.1.2). */
export interface AuthorizationCode {
  readonly handleHash: HandleHash;
  readonly clientId: string;
  readonly subject: string;
  readonly authentication: Authentication;
  readonly scopes: readonly string[];
  readonly resources?: readonly string[];
  /** What exactly was granted, beside the scopes (RFC 9396). */
  readonly details?: readonly AuthorizationDetail[];
  readonly redirectUri: string;
  readonly challenge?: CodeChallenge;
  /** The thumbprint of the key whose holder alone may redeem it (RFC 9449 §10). */
  readonly dpopJkt?: string;
  readonly nonce?: string;
  /** The claims asked for one by one (OpenID Connect Core §5.5). */
  readonly requestedClaims?: RequestedClaims;
  /** The family that all tokens of the code belong to, so that a replay can take them back. */
  readonly familyId: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
  /** Whether it has been redeemed. A redeemed code stays until it expires, so that a replay is noticed. */
  readonly redeemed: boolean;
}
