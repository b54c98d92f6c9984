import { describe, expect, it } from '@jest/globals';
import type { OAuthErrorCode } from '@tessera/protocol';
import { resolvePages } from '../resolve-pages.js';
import { problemKey } from './problem-words.js';

/** All of them: the compiler sees to it. */
const codes = Object.keys({
  access_denied: 1, account_selection_required: 1, authorization_pending: 1, consent_required: 1, expired_token: 1,
  insufficient_scope: 1, interaction_required: 1, invalid_authorization_details: 1, invalid_client: 1, invalid_client_metadata: 1,
  invalid_dpop_proof: 1, invalid_grant: 1, invalid_redirect_uri: 1, invalid_request: 1, invalid_request_object: 1,
  invalid_request_uri: 1, invalid_scope: 1, invalid_software_statement: 1, invalid_target: 1, invalid_token: 1, login_required: 1, registration_not_supported: 1, request_not_supported: 1,
  request_uri_not_supported: 1, server_error: 1, slow_down: 1, temporarily_unavailable: 1, unapproved_software_statement: 1, unauthorized_client: 1,
  unmet_authentication_requirements: 1, unsupported_grant_type: 1, unsupported_response_type: 1, unsupported_token_type: 1,
  use_dpop_nonce: 1, expired_login_hint_token: 1, invalid_binding_message: 1, unknown_user_id: 1,
} satisfies Record<OAuthErrorCode, 1>) as OAuthErrorCode[]; // prettier-ignore

describe('What an error means to a person', () => {
  const { messages } = resolvePages({}).pages!;

  it.each(codes)('is said for %s', (code) => {
    expect(messages.has(problemKey(code, 400), 'en')).toBe(true);
  });

  it('is said for an address without a page', () => {
    expect(problemKey('invalid_request', 404)).toBe('error.not_found');
  });
});
