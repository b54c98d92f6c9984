import type { AuthorizationDetail } from '@tessera/resource-model';
import type { TokenSet } from '../../tokens/token-set.js';

/** The answer of the token endpoint (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3). */
export interface TokenBody {
  readonly access_token: string;
  readonly token_type: 'Bearer' | 'DPoP';
  /** Seconds. */
  readonly expires_in: number;
  /** Always there, so that a client need not guess what it got; empty where the token is for details alone. */
  readonly scope: string;
  /** RFC 9396 §7: those that the access token carries. */
  readonly authorization_details?: readonly AuthorizationDetail[];
  readonly id_token?: string;
  readonly refresh_token?: string;
  /** RFC 8693 §2.2.1. */
  readonly issued_token_type?: string;
}

export function encodeTokens(tokens: TokenSet): TokenBody {
  const { accessToken, tokenType = 'Bearer', expiresIn, scopes, identityToken, refreshToken } = tokens;
  return {
    access_token: accessToken,
    token_type: tokenType,
    expires_in: expiresIn,
    scope: scopes.join(' '),
    authorization_details: tokens.details,
    id_token: identityToken,
    refresh_token: refreshToken,
    issued_token_type: tokens.issuedTokenType,
  };
}
