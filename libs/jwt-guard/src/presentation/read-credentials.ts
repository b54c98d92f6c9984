import { headerCount } from '@tessera/jws';
import { authorizationToken, maxBearerLength } from '@tessera/protocol';
import { AccessTokenError } from '../token/access-token.error.js';
import type { PresentedRequest } from './presented-request.js';

/** A token and the way in which it was sent (RFC 6750 §2.1, RFC 9449 §7.1). */
export interface Credentials {
  readonly scheme: 'Bearer' | 'DPoP';
  readonly token: string;
}

/** The credentials of a request. The Authorization header is the only place that is read. `dpop`: whether its scheme is known here. */
export function readCredentials(request: PresentedRequest, dpop: boolean): Credentials {
  const header = request.headers.authorization;
  const scheme = typeof header === 'string' ? schemeOf(header) : undefined;
  if (typeof header !== 'string' || scheme === undefined || (scheme === 'DPoP' && !dpop)) throw tokenMissing();
  if (headerCount(request, 'authorization') > 1) {
    throw new AccessTokenError('request_malformed', 'The request has more than one Authorization header.');
  }
  // RFC 6750 §2: not more than one way to send the token. The query is never read: it ends up in logs and histories.
  if (/[?&]access_token=/.test(request.url ?? '')) {
    throw new AccessTokenError(
      'request_malformed',
      'The access token belongs into the Authorization header alone, not into the query.',
    );
  }
  const token = authorizationToken(header, scheme);
  if (token !== undefined) return { scheme, token };
  throw header.length > maxBearerLength
    ? new AccessTokenError('token_too_long', `The token is longer than ${maxBearerLength} characters.`)
    : new AccessTokenError('token_malformed', `The Authorization header holds no readable ${scheme} token.`);
}

/** Whether a token came, good or bad. */
export function bringsToken({ headers: { authorization } }: PresentedRequest, dpop: boolean): boolean {
  const scheme = typeof authorization === 'string' ? schemeOf(authorization) : undefined;
  return scheme === 'Bearer' || (scheme === 'DPoP' && dpop);
}

export function tokenMissing(): AccessTokenError {
  return new AccessTokenError('token_missing', 'An access token is needed, in the Authorization header.');
}

/** RFC 9110 §11.1: schemes do not depend on case. */
function schemeOf(header: string): Credentials['scheme'] | undefined {
  if (/^bearer(?: |$)/i.test(header)) return 'Bearer';
  return /^dpop(?: |$)/i.test(header) ? 'DPoP' : undefined;
}
