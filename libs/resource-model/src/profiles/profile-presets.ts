// What naming a profile sets for a client, where nobody says otherwise. The rules that need it stand beside this file; a spec holds both together.

/** Sets of rules that a client can be held to. */
export const profileNames = ['oauth21', 'mcp', 'fapi2-security', 'fapi2-message-signing', 'fapi-ciba'] as const;
export type ProfileName = (typeof profileNames)[number];

const oauth21 = { requirePkce: true, allowPlainTextPkce: false, allowAccessTokensViaBrowser: false };

const fapi2Security = {
  ...oauth21,
  requireClientSecret: true,
  tokenEndpointAuthMethod: 'private_key_jwt',
  allowEndpointAudiences: false,
  requireAudienceText: true,
  refreshTokenUsage: 'reUse',
  requirePushedAuthorization: true,
  authorizationCodeLifetime: 60,
  allowedIdentityTokenSigningAlgorithms: ['PS256', 'ES256', 'EdDSA'],
};

const presets: Readonly<Record<ProfileName, Readonly<Record<string, unknown>>>> = {
  oauth21,
  mcp: oauth21,
  'fapi2-security': fapi2Security,
  'fapi2-message-signing': {
    ...fapi2Security,
    requireRequestObject: true,
    requireRequestObjectBounds: true,
    requireSignedAuthorizationResponse: true,
  },
  'fapi-ciba': { ...fapi2Security, requireBindingMessage: true },
};

/** By the names of a client's properties. A name that is no profile presets nothing; the check of the configuration finds it. */
export function presetsOf(profile: ProfileName | undefined): Readonly<Record<string, unknown>> {
  return profile !== undefined && Object.hasOwn(presets, profile) ? structuredClone(presets[profile]) : {};
}
