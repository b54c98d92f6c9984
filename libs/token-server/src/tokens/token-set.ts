/** What one authorization comes to. */
export interface TokenSet {
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
  readonly scopes: readonly string[];
  readonly identityToken?: string;
  readonly refreshToken?: string;
}
