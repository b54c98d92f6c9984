import type { HandleHash } from './handle.js';

/** A request that waits until a person has signed in, chosen, agreed or signed out: what it asked for, and what the person has done about it so far. */
export interface Interaction {
  readonly handleHash: HandleHash;
  /** Of the cookie of the browser that it belongs to: in another one its address opens nothing. */
  readonly browserHash: HandleHash;
  /** Of the address that it came from (`networkOf`), for a store whose room is limited. None: the platform knows no address. */
  readonly network?: string;
  /** An interaction of one kind is never taken for one of the other. */
  readonly kind: 'authorize' | 'endSession';
  /** Empty where a person signs out without any client asking for it. */
  readonly clientId: string;
  /** The parameters of the request as they came: all of them are checked again whenever it goes on. */
  readonly parameters: Readonly<Record<string, string | readonly string[]>>;
  /** The pushed request that they come from, which is answered once (RFC 9126 §7.3). None: they came with the browser. */
  readonly pushedRequest?: HandleHash;
  readonly answers: InteractionAnswers;
  /** Seconds since 1970. */
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** What the person has done. Each answer counts for the session in which it was given, and for no other. */
export interface InteractionAnswers {
  /** The session that a sign-in for this request made (`sid`), and when, in seconds since 1970. */
  readonly signedIn?: { readonly sessionId: string; readonly at: number };
  /** The session with which the person chose to go on. */
  readonly chosen?: { readonly sessionId: string };
  readonly consent?: InteractionConsent;
  /** The person went back to the client without an answer. */
  readonly cancelled?: boolean;
  /** The session that ended, and the clients that took part in it: for the page that tells them. */
  readonly signedOut?: { readonly sessionId: string; readonly clients: readonly string[] };
}

/** What the person agreed to on the consent page. */
export interface InteractionConsent {
  readonly sessionId: string;
  readonly scopes: readonly string[];
  readonly claims: readonly string[];
}
