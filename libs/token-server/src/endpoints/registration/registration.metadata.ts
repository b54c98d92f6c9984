import type { DiscoveryPart } from '../../http/discovery-part.js';

/** RFC 8414 §2, OpenID Connect Discovery §3: where clients register themselves. */
export const registrationMetadata: DiscoveryPart = ({ url }) => ({ registration_endpoint: url('registration') });
