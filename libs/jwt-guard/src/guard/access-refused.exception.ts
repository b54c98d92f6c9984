import { challenge, type OAuthErrorCode } from '@tessera/protocol';
import { HttpException } from '@nestjs/common';
import type { AccessTokenError, AccessTokenErrorCode } from '../token/access-token.error.js';

/** How each refusal is said over HTTP (RFC 6750 §3.1); every other one is a 401 `invalid_token`. */
const answers: Partial<Record<AccessTokenErrorCode, { status: number; error: OAuthErrorCode }>> = {
  request_malformed: { status: 400, error: 'invalid_request' },
  scope_insufficient: { status: 403, error: 'insufficient_scope' },
  issuer_unavailable: { status: 503, error: 'temporarily_unavailable' },
};

/**
 * A refusal as Nest's exception filters see it. `code` is the stable code of the AccessTokenError in `cause`, `headers`
 * are those of the answer (WWW-Authenticate, Retry-After), the body is `{ error, error_description }`.
 */
export class AccessRefusedException extends HttpException {
  readonly code: AccessTokenErrorCode;
  readonly headers: Readonly<Record<string, string>>;

  constructor(error: AccessTokenError, realm: string) {
    const { status, error: oauthError } = answers[error.code] ?? { status: 401, error: 'invalid_token' };
    const description = printable(error.message);
    super({ error: oauthError, error_description: description }, status, { cause: error });
    this.message = description;
    this.code = error.code;
    this.headers = headersFor(error, realm, oauthError, description);
  }
}

function headersFor(
  error: AccessTokenError,
  realm: string,
  oauthError: string,
  description: string,
): Record<string, string> {
  if (error.code === 'issuer_unavailable') return { 'Retry-After': String(error.retryAfter ?? 1) };
  // RFC 6750 §3.1: who has sent no token is told how to, and gets no error code.
  if (error.code === 'token_missing') return { 'WWW-Authenticate': challenge('Bearer', { realm }) };
  const scope = error.requiredScopes?.join(' ');
  return {
    'WWW-Authenticate': challenge('Bearer', { realm, error: oauthError, error_description: description, scope }),
  };
}

/** RFC 6750 §3: an error_description is %x20-21 / %x23-5B / %x5D-7E; configured names may hold anything. */
function printable(description: string): string {
  return description.replaceAll('"', "'").replace(/[^\x20-\x21\x23-\x5B\x5D-\x7E]/g, '?');
}
