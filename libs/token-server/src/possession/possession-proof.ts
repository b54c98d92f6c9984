import type { Client, Confirmation } from '@tessera/resource-model';
import type { HttpReply, HttpRequest } from '../http/message.js';
import type { PresentedToken } from '../http/presented-token.js';
import type { EndpointName } from '../token-server.options.js';

/** A request in which something is proven, and what will answer it. */
export interface PossessionCall {
  readonly request: HttpRequest;
  readonly reply: HttpReply;
  /** Where it was sent. */
  readonly endpoint: EndpointName;
}

/** What a sender has proven to hold. */
export interface Proven {
  readonly confirmation: Confirmation;
  /**
   * Uses up what counts once, when all else of the request has been found right: otherwise anybody could have the server remember as much as they like.
   * Called again it does nothing more.
   * @throws OAuthError where it has been used before
   */
  readonly useUp?: () => Promise<void>;
}

/** One way to prove that one holds a key. What is not there to be checked costs nothing: no promise is made for it. */
export interface PossessionProof {
  /** What the sender of a token request proves; undefined: nothing. @throws OAuthError */
  proven(call: PossessionCall, client: Client): Proven | undefined | Promise<Proven | undefined>;

  /** Whether who sends an access token may use it, by what the token asks for. @throws OAuthError */
  check(call: PossessionCall, presented: PresentedToken, asked: Confirmation | undefined): void | Promise<void>;
}
