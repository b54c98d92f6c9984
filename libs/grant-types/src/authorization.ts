import type {
  Authentication,
  AuthorizationDetail,
  Client,
  Confirmation,
  RefreshToken,
  RequestedClaims,
} from '@tessera/resource-model';
import type { GrantedScopes } from './requested-scopes.js';

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

/** Who uses tokens on behalf of whom they are about (`act`, RFC 8693 §4.1). */
export interface Actor {
  /** The subject of a person here, the id of a client, or what another issuer calls the actor. */
  readonly sub: string;
  /** Whether it is a person here, whom the client of the token may know by another name. */
  readonly isPerson?: boolean;
  /** Who calls the actor so, where it is not this server. */
  readonly issuer?: string;
  /** Who acted before: for whom this one acts. */
  readonly actor?: Actor;
}

/** What a grant decided: the only thing that tokens are made from. */
export interface Authorization {
  readonly client: Client;
  /** None where the client acts for itself. */
  readonly person?: Person;
  readonly scopes: readonly string[];
  /** Names of the API resources that the request narrows the token to (RFC 8707). */
  readonly resources?: readonly string[];
  /** What exactly is granted, beside the scopes (RFC 9396). */
  readonly details?: readonly AuthorizationDetail[];
  /** What the refresh token will stand for, where the request narrows the access token alone (RFC 8707 §2.2, RFC 9396 §6). None: the same. */
  readonly refreshable?: GrantedScopes;
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
  /** Who acts for the person, where it is somebody else (RFC 8693 §4.1). */
  readonly actor?: Actor;
  /** Who may act for the person by exchanging the access token (RFC 8693 §4.4): claims that together name the party, `{ sub: 'a client' }`. */
  readonly mayAct?: Readonly<Record<string, unknown>>;
  /** When the access token ends at the latest, in seconds since 1970. None: as the client's tokens do. */
  readonly expiresAt?: number;
  /** The tag of a family that the access token ends with and is no part of. */
  readonly familyTag?: string;
  /** What the response calls the issued token (RFC 8693 §2.2.1), where a request may ask for several kinds. */
  readonly issuedTokenType?: string;
  /** More claims for the access token, e.g. of a grant of one's own; never those that the server sets itself. */
  readonly claims?: Readonly<Record<string, unknown>>;
}
