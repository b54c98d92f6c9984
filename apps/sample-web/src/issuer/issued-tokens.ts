import type { TokenEndpointResponse, TokenEndpointResponseHelpers } from 'openid-client';
import type { Tokens } from '../sessions/session.js';

/** An answer of the token endpoint, checked by the library. */
export type TokenAnswer = TokenEndpointResponse & TokenEndpointResponseHelpers;

interface Circumstances {
  /** What was asked for: that is what was granted where the answer does not say (RFC 6749 §5.1). */
  readonly scope: string;
  /** Seconds since 1970. */
  readonly now: number;
  /** The tokens that were refreshed: what is not issued anew stays (RFC 6749 §6, OpenID Connect Core §12.2). */
  readonly former?: Tokens;
}

/** What a session keeps of an answer. */
export function issuedTokens(answer: TokenAnswer, { scope, now, former }: Circumstances): Tokens {
  const idToken = answer.id_token ?? former?.idToken;
  if (idToken === undefined) throw new Error('There is no id_token.');
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token ?? former?.refreshToken,
    idToken,
    scopes: (answer.scope ?? scope).split(' '),
    expiresAt: answer.expires_in === undefined ? undefined : now + answer.expires_in,
  };
}
