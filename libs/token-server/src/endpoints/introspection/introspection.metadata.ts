import type { DiscoveryPart } from '../../http/discovery-part.js';

/** RFC 9701 §7. */
export const introspectionMetadata: DiscoveryPart = ({ options, url }) => ({
  introspection_signing_alg_values_supported: url('introspection') && options.signingAlgorithms,
});
