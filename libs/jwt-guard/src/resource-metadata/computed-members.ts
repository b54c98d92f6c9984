/** The members that follow from the options of the guard: `additional` cannot say something else. */
export const computedMembers: readonly string[] = [
  'resource',
  'authorization_servers',
  'scopes_supported',
  'bearer_methods_supported',
  'resource_name',
  'resource_documentation',
  'dpop_signing_alg_values_supported',
  'dpop_bound_access_tokens_required',
  'tls_client_certificate_bound_access_tokens',
];
