import type { TokenEndpointAuthMethod } from '@tessera/protocol';
import type { Client } from '@tessera/resource-model';
import type { HttpRequest } from '../http/message.js';

/** What a caller showed of itself in one way: not yet believed. */
export interface Credentials {
  readonly method: TokenEndpointAuthMethod;
  /** Who it says to be, where this way says so by itself; elsewhere `client_id` does. */
  readonly id?: string;
  /** The secret itself, where one was sent: an API is known by it as well. */
  readonly secret?: string;
  /**
   * Why this does not prove to be the client, for the log; undefined: it does. A promise only where there is something to wait for. Of a client
   * that is unknown, disabled or may not come this way nothing is told: it takes about as long, and what is found there counts for nothing.
   */
  faultFor(client: Client | undefined): string | undefined | Promise<string | undefined>;
}

/** One way in which clients authenticate (RFC 6749 §2.3). */
export interface CredentialReader {
  /**
   * Undefined where the request does not authenticate in this way.
   * @throws OAuthError `invalid_client` or `invalid_request` where it does, and nobody could read it
   */
  read(request: HttpRequest): Credentials | undefined;
}
