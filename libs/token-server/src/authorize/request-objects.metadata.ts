import { signingAlgorithms } from '@tessera/protocol';
import type { Client } from '@tessera/resource-model';
import type { DiscoveryPart } from '../http/discovery-part.js';
import { usableResponseTypes } from './response-types.js';

/** OpenID Connect Discovery §3, RFC 9101 §10.5: what some client can sign its requests with. */
export const requestObjectsMetadata: DiscoveryPart = ({ clients, hasPeople }) => {
  const senders = hasPeople ? clients.filter((client) => usableResponseTypes([client]).length > 0) : [];
  const signers = senders.filter(hasKeys);
  const hasReferences = signers.some(({ requestUris }) => requestUris.length > 0);
  if (signers.length === 0) return {};
  return {
    request_parameter_supported: true,
    // Its default is true.
    request_uri_parameter_supported: hasReferences,
    require_request_uri_registration: hasReferences || undefined,
    request_object_signing_alg_values_supported: signingAlgorithms.filter((algorithm) =>
      signers.some(({ requestObjectSigningAlg: pinned }) => pinned === undefined || pinned === algorithm),
    ),
    // Its default is false.
    require_signed_request_object: senders.every(({ requireRequestObject }) => requireRequestObject) || undefined,
  };
};

function hasKeys({ jwks, jwksUri }: Client): boolean {
  return jwks !== undefined || jwksUri !== undefined;
}
