import { usableResponseTypes } from '../../authorize/response-types.js';
import type { DiscoveryPart } from '../../http/discovery-part.js';

/** RFC 9126 §5: where some client can send people here. */
export const pushedAuthorizationMetadata: DiscoveryPart = ({ options, clients, hasPeople, url }) => {
  const senders = clients.filter((client) => usableResponseTypes([client]).length > 0);
  const endpoint = url('pushedAuthorization');
  if (!hasPeople || senders.length === 0 || endpoint === undefined) return {};
  const isRequired = options.requirePushedAuthorization || senders.every((client) => client.requirePushedAuthorization);
  return {
    pushed_authorization_request_endpoint: endpoint,
    // Its default is false.
    require_pushed_authorization_requests: isRequired || undefined,
  };
};
