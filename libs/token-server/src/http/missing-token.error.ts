import { OAuthError } from '@tessera/protocol';

/** A request to a protected endpoint that shows no token at all: it is told how to, and no more (RFC 6750 §3.1). */
export class MissingTokenError extends OAuthError {
  constructor() {
    super('invalid_token', 'Send the access token in the header Authorization: Bearer.');
  }
}
