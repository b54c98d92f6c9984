import { bearerToken, maxBearerLength } from '@tessera/protocol';
import { AccessTokenError } from '../token/access-token.error.js';

/** What the requests of Fastify and Express have in common, as far as a bearer token goes. */
export interface BearerRequest {
  readonly headers: { readonly authorization?: string | undefined };
  readonly url?: string | undefined;
  /** Express: the request is node's own. */
  readonly rawHeaders?: readonly string[] | undefined;
  /** Fastify: node's request is inside. */
  readonly raw?: { readonly rawHeaders: readonly string[] } | undefined;
  /** Set after a token was accepted, as Passport does. */
  user?: unknown;
}

/** The bearer token of a request (RFC 6750 §2.1). The Authorization header is the only place that is read. */
export function readBearerToken(request: BearerRequest): string {
  const header = request.headers.authorization;
  if (header === undefined || !/^bearer(?: |$)/i.test(header)) {
    throw new AccessTokenError('token_missing', 'An access token is needed, sent as Authorization: Bearer.');
  }
  // Node keeps the first of several Authorization headers; something in front of us may have looked at the last.
  if (authorizationCount((request.raw ?? request).rawHeaders ?? []) > 1) {
    throw new AccessTokenError('request_malformed', 'The request has more than one Authorization header.');
  }
  // RFC 6750 §2: not more than one way to send the token. The query is never read: it ends up in logs and histories.
  if (/[?&]access_token=/.test(request.url ?? '')) {
    throw new AccessTokenError(
      'request_malformed',
      'The access token belongs into the Authorization header alone, not into the query.',
    );
  }
  const token = bearerToken(header);
  if (token !== undefined) return token;
  throw header.length > maxBearerLength
    ? new AccessTokenError('token_too_long', `The token is longer than ${maxBearerLength} characters.`)
    : new AccessTokenError('token_malformed', 'The Authorization header holds no readable bearer token.');
}

function authorizationCount(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!;
    if (name.length === 13 && name.toLowerCase() === 'authorization') count++;
  }
  return count;
}
