import { challenge, OAuthError } from '@tessera/protocol';
import { AccessRefusedError } from '../../http/access-refused.error.js';

/** A request that shows no token at all is told how to (RFC 6750 §3.1). */
export function missingToken(): OAuthError {
  const reason = new OAuthError('invalid_token', 'Send the token in the header Authorization: Bearer.');
  return new AccessRefusedError(reason, [challenge('Bearer', { realm: 'tessera' })]);
}
