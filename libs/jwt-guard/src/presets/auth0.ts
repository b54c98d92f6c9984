import type { AudienceIssuerOptions } from '../options/jwt-guard.options.js';
import { checkedText, hostShape } from './checked-text.js';

/** What an Auth0 tenant needs to be trusted. */
export interface Auth0Preset {
  /** `tenant.eu.auth0.com`, or the custom domain where clients use it: `iss` names the one that the client used. */
  domain: string;
  /** The identifier of the API. */
  audience: string | readonly string[];
  /** The "JSON Web Token (JWT) Profile" of the API's settings. Default `auth0`, which is Auth0's own default. */
  profile?: 'auth0' | 'rfc9068';
  /** Where roles stand. Default `permissions`; a claim that an Action adds has a namespace, such as `https://example.com/roles`. */
  rolesClaim?: string;
}

/**
 * The access tokens of an API in Auth0.
 *
 * - The issuer ends with a slash.
 * - By the profile `rfc9068` the header says `at+jwt` and the client stands in `client_id`. By the profile `auth0` the header says `JWT` as
 *   that of an id_token does, and the client stands in `azp`. An id_token is for its client (`aud`) and never for an API.
 * - With "Add Permissions in the Access Token" (RBAC) `permissions` lists what the person may do, and `@RequireRoles('read:orders')` asks for
 *   that. `scope` is what the client was granted, for `@RequireScopes()`.
 * - A token without an audience is opaque: clients must send `audience` with their request, or the tenant must have a default one.
 */
export function auth0({
  domain,
  audience,
  profile = 'auth0',
  rolesClaim = 'permissions',
}: Auth0Preset): AudienceIssuerOptions {
  const host = checkedText('auth0().domain', domain, hostShape, "the domain alone, such as 'tenant.eu.auth0.com'");
  checkedText('auth0().profile', profile, /^(?:auth0|rfc9068)$/, "'auth0' or 'rfc9068'");
  const isStandard = profile === 'rfc9068';
  return {
    issuer: `https://${host}/`,
    audience,
    tokenType: isStandard ? 'at+jwt' : 'any',
    claimNames: { clientId: isStandard ? 'client_id' : 'azp', roles: [rolesClaim] },
  };
}
