import { challenge, type OAuthErrorCode, printableDescription } from '@tessera/protocol';
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
 * are those of the answer (WWW-Authenticate, Retry-After), the body is `{ error, error_description }`, or Nest's own where no token was sent.
 */
export class AccessRefusedException extends HttpException {
  readonly code: AccessTokenErrorCode;
  readonly headers: Readonly<Record<string, string>>;

  constructor(error: AccessTokenError, realm: string) {
    const { status, error: oauthError } = answers[error.code] ?? { status: 401, error: 'invalid_token' };
    const description = printableDescription(error.message);
    super(bodyFor(error, oauthError, description), status, { cause: error });
    this.message = description;
    this.code = error.code;
    this.headers = headersFor(error, realm, oauthError, description);
  }
}

/** RFC 6750 §3.1: who has sent no token gets no error code, but what Nest answers to any unauthenticated request. */
function bodyFor({ code }: AccessTokenError, oauthError: string, description: string): object {
  return code === 'token_missing'
    ? { statusCode: 401, message: 'Unauthorized' }
    : { error: oauthError, error_description: description };
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
