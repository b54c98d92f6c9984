import type { TokenSet } from '../../tokens/token-set.js';

/** The answer of the token endpoint (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3). */
export interface TokenBody {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  /** Seconds. */
  readonly expires_in: number;
  /** Always there, so that a client need not guess what it got. */
  readonly scope: string;
  readonly id_token?: string;
  readonly refresh_token?: string;
}

export function encodeTokens({ accessToken, expiresIn, scopes, identityToken, refreshToken }: TokenSet): TokenBody {
  return {
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: expiresIn,
    scope: scopes.join(' '),
    id_token: identityToken,
    refresh_token: refreshToken,
  };
}
