import type { AudienceIssuerOptions } from '../options/jwt-guard.options.js';
import { checkedText } from './checked-text.js';

/** What a Keycloak realm needs to be trusted. */
export interface KeycloakPreset {
  /** Where Keycloak is for its clients, such as `https://id.example.com`; before Keycloak 17 with `/auth` at the end. */
  url: string;
  realm: string;
  /** The name of this API in `aud`. */
  audience: string | readonly string[];
  /** Take the roles of this client (`resource_access`) for roles, in the place of those of the realm (`realm_access`). */
  clientRoles?: string;
  /**
   * With `clientRoles`: the roles of the realm count as well. Both stand under their plain names, so a realm role `admin` is the `admin` of
   * the client, too. Default false.
   */
  realmRoles?: boolean;
}

/**
 * The access tokens of a Keycloak realm.
 *
 * - They are `typ: JWT` by their header, as are id_tokens and logout tokens. The payload's own `typ` tells them apart: `Bearer`, or `DPoP`
 *   for tokens bound to a key; an id_token is `ID`.
 * - The client stands in `azp`. Roles are those of the realm, or with `clientRoles` those of one client, or with `realmRoles` both.
 * - `aud` names this API only where Keycloak is told so: by an "Audience" mapper in a client scope, or by client roles of this API. A new
 *   realm writes `account` there, or nothing at all.
 * - `sub` comes with the client scope `basic`, which clients have unless somebody took it away.
 * - Before Keycloak 25 access tokens carry the `nonce` of the sign-in; such tokens are refused as id_tokens.
 */
export function keycloak({ url, realm, audience, clientRoles, realmRoles }: KeycloakPreset): AudienceIssuerOptions {
  const base = checkedText(
    'keycloak().url',
    url,
    /^https?:\/\/[^?#\s]+$/,
    "the URL of Keycloak, such as 'https://id.example.com'",
  );
  const name = checkedText('keycloak().realm', realm, /^[^/?#\s]+$/, 'the name of the realm');
  return {
    issuer: `${base.replace(/\/+$/, '')}/realms/${encodeURIComponent(name)}`,
    audience,
    tokenType: 'any',
    accessTokenMarks: { typ: ['Bearer', 'DPoP'] },
    claimNames: {
      clientId: 'azp',
      roles: [
        ...(clientRoles === undefined || realmRoles === true ? [['realm_access', 'roles']] : []),
        ...(clientRoles === undefined ? [] : [['resource_access', clientRoles, 'roles']]),
      ],
    },
  };
}
