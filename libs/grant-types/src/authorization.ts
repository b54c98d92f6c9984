import type { Authentication, Client, RefreshToken } from '@tessera/resource-model';

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
}

/** What a grant decided: the only thing that tokens are made from. */
export interface Authorization {
  readonly client: Client;
  /** None where the client acts for itself. */
  readonly person?: Person;
  readonly scopes: readonly string[];
  /** Names of the API resources that the request narrows the token to (RFC 8707). */
  readonly resources?: readonly string[];
  /** Set where the tokens continue a family instead of beginning one. */
  readonly refresh?: Refresh;
  /** More claims for the access token, e.g. of a grant of one's own; never those that the server sets itself. */
  readonly claims?: Readonly<Record<string, unknown>>;
}
