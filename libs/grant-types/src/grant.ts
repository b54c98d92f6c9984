import type { Client, Confirmation } from '@tessera/resource-model';
import type { Authorization } from './authorization.js';

/** What is known of a token request beside its parameters. */
export interface GrantCall {
  /** What the sender proved to hold; the tokens will be bound to it. */
  readonly confirmation?: Confirmation;
  /**
   * Uses up the proof of that, where it counts once. A grant calls it when what the request says was found right, directly before it uses up or takes back
   * anything itself: a request that was sent before changes nothing, and one that cannot be remembered loses nothing. Grants that use nothing up need not:
   * it happens before tokens are issued, and once for a request.
   * @throws OAuthError `invalid_dpop_proof` where it was used before
   */
  useUpProof?(): Promise<void>;
}

/** What discovery knows when it asks a grant whether to list it. */
export interface GrantOffer {
  /** The enabled clients that may use the grant. */
  readonly clients: readonly Client[];
  /** Whether people can come here: there are pages. */
  readonly hasPages: boolean;
  /** Whether they can be asked something there that another device began (CIBA). */
  readonly canAskPeople: boolean;
}

/**
 * One way to get tokens. A grant decides who gets tokens for what; it issues none and sees no HTTP.
 * The token endpoint has authenticated the client and checked that it may use the grant before it asks.
 */
export interface Grant<Params extends object = object> {
  /** The value of `grant_type`: a name of RFC 6749 or an absolute URI (§4.5). */
  readonly type: string;

  /** The parameters it reads, declared with `@Parameter()`. */
  readonly params: new () => Params;

  /** Who gets what. @throws OAuthError `invalid_grant`, `invalid_scope`, `invalid_target`, `unauthorized_client` */
  authorize(client: Client, params: Params, call: GrantCall): Promise<Authorization>;

  /** Whether the client may use the grant, where that is more than `allowedGrantTypes` listing it. */
  isAllowedFor?(client: Client): boolean;

  /** Whether discovery lists the grant, where that is not always so. */
  isOffered?(offer: GrantOffer): boolean;
}
