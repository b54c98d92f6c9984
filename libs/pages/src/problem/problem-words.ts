import type { OAuthErrorCode } from '@tessera/protocol';

/** The texts for codes that mean the same to a person; any other code has a text of its own or none. */
const alike: Partial<Record<OAuthErrorCode, string>> = {
  account_selection_required: 'interaction_required',
  consent_required: 'interaction_required',
  login_required: 'interaction_required',
  unmet_authentication_requirements: 'interaction_required',
  expired_login_hint_token: 'expired',
  expired_token: 'expired',
  invalid_grant: 'expired',
  invalid_token: 'expired',
  invalid_request_uri: 'expired',
  invalid_authorization_details: 'invalid_scope',
  invalid_target: 'unsupported',
  registration_not_supported: 'unsupported',
  request_not_supported: 'unsupported',
  request_uri_not_supported: 'unsupported',
  unsupported_grant_type: 'unsupported',
  unsupported_response_type: 'unsupported',
  unsupported_token_type: 'unsupported',
  invalid_binding_message: 'invalid_request',
  invalid_client_metadata: 'invalid_request',
  invalid_redirect_uri: 'invalid_request',
  invalid_request_object: 'invalid_request',
  invalid_software_statement: 'invalid_request',
  unapproved_software_statement: 'invalid_request',
  authorization_pending: 'other',
  invalid_dpop_proof: 'other',
  unknown_user_id: 'other',
  use_dpop_nonce: 'other',
  insufficient_scope: 'invalid_scope',
  slow_down: 'temporarily_unavailable',
};

/** The key of what an error means to a person. */
export function problemKey(code: OAuthErrorCode, status: number): string {
  return `error.${status === 404 ? 'not_found' : (alike[code] ?? code)}`;
}
