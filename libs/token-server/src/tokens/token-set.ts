import type { AuthorizationDetail } from '@tessera/resource-model';

/** What one authorization comes to. */
export interface TokenSet {
  readonly accessToken: string;
  /** How it is to be sent. None: as a bearer token. */
  readonly tokenType?: 'DPoP';
  /** Seconds. */
  readonly expiresIn: number;
  readonly scopes: readonly string[];
  readonly details?: readonly AuthorizationDetail[];
  readonly identityToken?: string;
  readonly refreshToken?: string;
  /** What a request that may ask for several kinds is told of the access token (RFC 8693 §2.2.1). */
  readonly issuedTokenType?: string;
}
