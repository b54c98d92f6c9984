import { challenge, OAuthError } from '@tessera/protocol';
import { AccessRefusedError } from './access-refused.error.js';

/** A request to a protected endpoint that shows no token at all: it is told how to, and no more (RFC 6750 §3.1). */
export class MissingTokenError extends AccessRefusedError {
  constructor(challenges: readonly string[] = [challenge('Bearer', { realm: 'tessera' })]) {
    super(new OAuthError('invalid_token', 'The request shows no access token.'), challenges);
  }
}
