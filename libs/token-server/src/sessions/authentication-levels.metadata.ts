import type { DiscoveryPart } from '../http/discovery-part.js';

/** The levels of authentication (OpenID Connect Discovery §3). */
export const authenticationLevelsMetadata: DiscoveryPart = ({ options, hasPeople }) => ({
  acr_values_supported:
    hasPeople && options.authenticationLevels.names.length > 0 ? options.authenticationLevels.names : undefined,
});
