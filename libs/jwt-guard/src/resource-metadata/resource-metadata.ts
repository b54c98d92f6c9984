import type { GuardSettings } from '../options/guard-settings.js';
import type { ResourceMetadataOptions } from '../options/jwt-guard.options.js';

/** The metadata of a protected resource (RFC 9728 §2), as they stand on the wire. An issuer that only a resolver knows is not named. */
export function describeResource(
  options: ResourceMetadataOptions,
  { issuers, dpop, mtls }: Pick<GuardSettings, 'issuers' | 'dpop' | 'mtls'>,
  scopes: readonly string[],
): Readonly<Record<string, unknown>> {
  return {
    ...options.additional,
    resource: options.resource,
    // §2: a list without elements is left out.
    ...(issuers.length > 0 && { authorization_servers: issuers.map(({ issuer }) => issuer) }),
    ...(scopes.length > 0 && { scopes_supported: scopes }),
    bearer_methods_supported: ['header'],
    ...(options.resourceName !== undefined && { resource_name: options.resourceName }),
    ...(options.resourceDocumentation !== undefined && { resource_documentation: options.resourceDocumentation }),
    ...(dpop.mode !== 'off' && { dpop_signing_alg_values_supported: dpop.algorithms }),
    ...(dpop.mode === 'required' && { dpop_bound_access_tokens_required: true }),
    ...(mtls.mode !== 'off' && { tls_client_certificate_bound_access_tokens: true }),
  };
}
