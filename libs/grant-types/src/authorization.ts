import type { Authentication, Client, Confirmation, RefreshToken, RequestedClaims } from '@tessera/resource-model';

/** The person on whose behalf tokens are issued, and how the person signed in. */
export interface Person {
  readonly subject: string;
  readonly authentication: Authentication;
}

/** A refresh token that a client presents, and the request it came with. */
export interface Refresh {
  readonly handle: string;
  readonly token: RefreshToken;
  /** Equal for two requests that ask for the same. */
  readonly fingerprint: string;
  /** The sealed response that the request is to be given again: it repeats one that has been answered. */
  readonly answer?: string;
}

/** What a grant decided: the only thing that tokens are made from. */
export interface Authorization {
  readonly client: Client;
  /** None where the client acts for itself. */
  readonly person?: Person;
  readonly scopes: readonly string[];
  /** Names of the API resources that the request narrows the token to (RFC 8707). */
  readonly resources?: readonly string[];
  /** The family that the tokens begin, where it is known beforehand: that of an authorization code. */
  readonly familyId?: string;
  /** `nonce` of the request, for the id_token (OpenID Connect Core §3.1.2.1). */
  readonly nonce?: string;
  /** The claims that the request asked for one by one (OpenID Connect Core §5.5). */
  readonly requestedClaims?: RequestedClaims;
  /** Set where the tokens continue a family instead of beginning one. */
  readonly refresh?: Refresh;
  /** What the holder of the tokens has to prove with each use (RFC 7800); none: whoever bears them may use them. */
  readonly confirmation?: Confirmation;
  /** More claims for the access token, e.g. of a grant of one's own; never those that the server sets itself. */
  readonly claims?: Readonly<Record<string, unknown>>;
}
