/** News for a client that a session has ended: kept until the client has taken it, or for as long as it is worth telling. */
export interface LogoutNotice {
  readonly id: string;
  readonly clientId: string;
  readonly subject: string;
  readonly sessionId: string;
  /** Tries so far. */
  readonly attempts: number;
  /** When to try next, in seconds since 1970. */
  readonly dueAt: number;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}
