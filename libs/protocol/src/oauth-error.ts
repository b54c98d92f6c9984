/**
 * The error codes a client may meet: RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1, RFC 7009 §2.2.1, RFC 8628 §3.5, RFC 8707 §2,
 * RFC 9101 §7, RFC 9126 §2.3, RFC 9396 §5, RFC 9449 §5 and §8, RFC 7591 §3.2.2, OpenID Connect Core §3.1.2.6, OpenID Connect Unmet
 * Authentication Requirements §3, OpenID Connect CIBA Core §13.
 */
export type OAuthErrorCode =
  | 'access_denied'
  | 'account_selection_required'
  | 'authorization_pending'
  | 'consent_required'
  | 'expired_login_hint_token'
  | 'expired_token'
  | 'insufficient_scope'
  | 'interaction_required'
  | 'invalid_authorization_details'
  | 'invalid_binding_message'
  | 'invalid_client'
  | 'invalid_client_metadata'
  | 'invalid_dpop_proof'
  | 'invalid_grant'
  | 'invalid_redirect_uri'
  | 'invalid_request'
  | 'invalid_request_object'
  | 'invalid_request_uri'
  | 'invalid_scope'
  | 'invalid_software_statement'
  | 'invalid_target'
  | 'invalid_token'
  | 'login_required'
  | 'registration_not_supported'
  | 'request_not_supported'
  | 'request_uri_not_supported'
  | 'server_error'
  | 'slow_down'
  | 'temporarily_unavailable'
  | 'unapproved_software_statement'
  | 'unauthorized_client'
  | 'unknown_user_id'
  | 'unmet_authentication_requirements'
  | 'unsupported_grant_type'
  | 'unsupported_response_type'
  | 'unsupported_token_type'
  | 'use_dpop_nonce';

/**
 * A refusal by protocol. `code` and `message` (the `error_description`) are for the client; `cause` is for the log.
 * A description says which parameter, what was received and what would be right, and never quotes a secret.
 */
export class OAuthError extends Error {
  override readonly name = 'OAuthError';

  constructor(
    readonly code: OAuthErrorCode,
    description: string,
    options?: { cause?: unknown },
  ) {
    super(printableDescription(description), options);
  }
}

/** RFC 6749 §5.2: an error_description is %x20-21 / %x23-5B / %x5D-7E, so a quoted value cannot smuggle anything else in. A § is said in words. */
export function printableDescription(description: string): string {
  return description
    .replaceAll('"', "'")
    .replaceAll('§', 'section ')
    .replace(/[^\x20-\x21\x23-\x5B\x5D-\x7E]/g, '?');
}
