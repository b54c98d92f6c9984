import type { AuthorizationDetail } from './authorization-detail.js';
import type { HandleHash } from './handle.js';
import type { Authentication } from './refresh-token.js';

/** A client that waits until a person, whom it named, has let it in from a device of the person's own (CIBA Core §7). */
export interface BackchannelAuthentication {
  /** Of `auth_req_id`, which the client alone knows. */
  readonly handleHash: HandleHash;
  /**
   * Under which the person finds it: it stands in the link of the notification and on the page. No secret, since it opens nothing to anybody but the
   * person who is asked; random all the same, so that nobody can tell how many there are.
   */
  readonly id: string;
  readonly clientId: string;
  /** The person who is asked: nobody else may answer. */
  readonly subject: string;
  readonly scopes: readonly string[];
  readonly resources?: readonly string[];
  /** What exactly is asked for, beside the scopes (RFC 9396). */
  readonly details?: readonly AuthorizationDetail[];
  /** What the person is shown at both places, to see that they belong together (CIBA Core §7.1). */
  readonly bindingMessage?: string;
  /** Of which one at least the person's sign-in has to reach. */
  readonly contextClasses?: readonly string[];
  /** Where the client is told that there is an answer; none: it polls. */
  readonly ping?: BackchannelPing;
  /** Seconds since 1970, as is the following. */
  readonly createdAt: number;
  readonly expiresAt: number;
  /** The seconds that the client has to wait between two polls; grows when it does not. */
  readonly interval: number;
  /** The last poll, in seconds since 1970. */
  readonly polledAt?: number;
  readonly decision?: BackchannelDecision;
}

/** What a notification to the client consists of (CIBA Core §10.2). Secrets: a database keeps them encrypted. */
export interface BackchannelPing {
  /** `auth_req_id` as the client knows it. */
  readonly authReqId: string;
  /** `client_notification_token`, with which the client recognises that it is this server that calls. */
  readonly token: string;
}

/** What the person said. */
export type BackchannelDecision =
  | { readonly allowed: false }
  | {
      readonly allowed: true;
      readonly authentication: Authentication;
      /** Those of the scopes that the person agreed to. */
      readonly scopes: readonly string[];
    };
