import type { AuthorizationDetail } from './authorization-detail.js';
import type { Confirmation } from './confirmation.js';
import type { RequestedClaims } from './requested-claims.js';
import type { HandleHash } from './handle.js';

/** How a person's sign-in went: what tokens say about it. */
export interface Authentication {
  /** When the person signed in, in seconds since 1970. */
  readonly time: number;
  /** Authentication methods (RFC 8176). */
  readonly methods: readonly string[];
  readonly contextClass?: string;
  readonly sessionId?: string;
}

/** A refresh token as it is kept. The token itself is known to its client alone. */
export interface RefreshToken {
  readonly handleHash: HandleHash;
  /** Shared by all tokens that descend from one sign-in: what is revoked together. */
  readonly familyId: string;
  readonly clientId: string;
  readonly subject: string;
  readonly authentication: Authentication;
  /** What the person agreed to: a refresh may ask for less, never for more. */
  readonly scopes: readonly string[];
  /** The resources that the first request named (RFC 8707): a refresh may name fewer, never others. */
  readonly resources?: readonly string[];
  /** What exactly was granted, beside the scopes (RFC 9396). */
  readonly details?: readonly AuthorizationDetail[];
  /** The user claims of the first access token, for clients that want them unchanged. */
  readonly accessTokenClaims: Readonly<Record<string, unknown>>;
  /** The claims that the first request asked for one by one (OpenID Connect Core §5.5). */
  readonly requestedClaims?: RequestedClaims;
  /** What the first grant added to the access token, and each of the family says again. */
  readonly grantClaims?: Readonly<Record<string, unknown>>;
  /** What each refresh has to prove: of public clients alone, others prove who they are (RFC 9449 §5, RFC 8705 §4). */
  readonly confirmation?: Confirmation;
  /** Seconds since 1970, as are the following. */
  readonly familyCreatedAt: number;
  readonly createdAt: number;
  /** None: no end. */
  readonly expiresAt?: number;
  /** Set when a one-time token has been used up. */
  readonly rotation?: Rotation;
}

/** The use of a one-time refresh token. */
export interface Rotation {
  /** Seconds since 1970. */
  readonly at: number;
  /** Until when the used token is kept, so that its reuse is noticed: as long as its family may live (seconds since 1970). */
  readonly keptUntil: number;
  /** Fingerprint of the request, so that only a repetition of it gets the response again. */
  readonly request: string;
  /** Until when the response may be given again (seconds since 1970). Stores keep it until they are swept after that, and no longer. */
  readonly responseUntil: number;
  /** The response, sealed under the used token: nobody who reads the store can open it. None: it cannot be given again. */
  readonly response?: string;
}

/** What is left of a token that has been used up: what is said of its reuse, and nothing that only its successor needs. */
export function usedUp(token: RefreshToken, rotation: Rotation): RefreshToken {
  const forSuccessors = {
    resources: undefined,
    details: undefined,
    requestedClaims: undefined,
    grantClaims: undefined,
  };
  return { ...token, ...forSuccessors, scopes: [], accessTokenClaims: {}, expiresAt: rotation.keptUntil, rotation };
}
