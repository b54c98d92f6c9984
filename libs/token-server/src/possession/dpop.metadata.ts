import type { DiscoveryPart } from '../http/discovery-part.js';

/** RFC 9449 §5.1. */
export const dpopMetadata: DiscoveryPart = ({ options, url }) => ({
  dpop_signing_alg_values_supported: url('token') === undefined ? undefined : options.dpop.algorithms,
});
