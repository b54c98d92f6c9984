import type { HandleHash } from './handle.js';

/** A person's sign-in in one browser: what single sign-on rests on. */
export interface Session {
  /** Of the value in the browser's cookie; it changes at each sign-in. */
  readonly handleHash: HandleHash;
  /** `sid` in tokens (OpenID Connect Front-Channel Logout §3): known to clients, so it opens nothing. */
  readonly id: string;
  readonly subject: string;
  /** When and how the person signed in last: `time` in seconds since 1970, `methods` as in RFC 8176. */
  readonly authentication: {
    readonly time: number;
    readonly methods: readonly string[];
    readonly contextClass?: string;
  };
  /** The external provider that signed the person in, if one did. */
  readonly identityProvider?: string;
  /** "Keep me signed in": the cookie outlives the browser. */
  readonly remembered: boolean;
  /** Seconds since 1970, as are the following. */
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly expiresAt: number;
  /** Where the person signed in from, as the browser said: for the person to recognise it. */
  readonly userAgent?: string;
  /** Ids of the clients that got tokens in it, in the order in which they came. */
  readonly clients: readonly string[];
}
