/** What the token endpoint gave for a session. */
export interface Tokens {
  readonly accessToken: string;
  /** None: when the access token has ended, the person signs in again. */
  readonly refreshToken: string | undefined;
  /** The newest one, as it came: it proves at sign-out whose session shall end. */
  readonly idToken: string;
  readonly scopes: readonly string[];
  /** When the access token ends, in seconds since 1970; undefined where the issuer did not say. */
  readonly expiresAt: number | undefined;
}

/** Who signed in, as the id_token and userinfo say. */
export interface Person {
  readonly subject: string;
  /** The session at the issuer; logout tokens name it. */
  readonly sid: string | undefined;
  /** All that was said, protocol claims included. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** A browser in which somebody is signed in. It stays on this server: the browser has nothing but a handle. */
export interface Session {
  /** The hash of the handle in the cookie. */
  readonly id: string;
  readonly person: Person;
  /** Stands in each form that is shown to this session, and has to come back with it. */
  readonly formToken: string;
  readonly tokens: Tokens;
}
