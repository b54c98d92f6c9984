import type { DiscoveryPart } from '../http/discovery-part.js';

/** RFC 9396 §10: the types that some client may ask for. */
export const authorizationDetailsMetadata: DiscoveryPart = ({ catalogue, clients }) => {
  const types = [...catalogue.authorizationDetailTypes.keys()];
  const usable = types.filter((type) => clients.some((client) => client.authorizationDetailsTypes.includes(type)));
  return { authorization_details_types_supported: usable.length > 0 ? usable : undefined };
};
