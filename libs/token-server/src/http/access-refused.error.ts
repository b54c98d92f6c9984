import { OAuthError } from '@tessera/protocol';

/** Why a protected endpoint does not let a request in, and what it would have to show (RFC 6750 §3, RFC 9449 §7.1). */
export class AccessRefusedError extends OAuthError {
  constructor(
    reason: OAuthError,
    /** Each for one scheme, as `WWW-Authenticate` says it. */
    readonly challenges: readonly string[],
  ) {
    super(reason.code, reason.message, { cause: reason.cause });
  }
}
