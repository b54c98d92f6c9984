import { backchannelDeliveryModes, GrantTypes, signingAlgorithms } from '@tessera/protocol';
import type { Client } from '@tessera/resource-model';
import type { DiscoveryPart } from '../../http/discovery-part.js';

/** CIBA Core §4: where some client can have people asked, and they have a page to answer on. */
export const backchannelAuthenticationMetadata: DiscoveryPart = (
  { clients, url },
  { grant_types_supported: types },
) => {
  if (!(types as readonly string[]).includes(GrantTypes.ciba)) return {};
  const askers = clients.filter(mayAsk);
  const algorithms = signingAlgorithms.filter((algorithm) =>
    askers.some((client) => client.backchannelAuthenticationRequestSigningAlg === algorithm),
  );
  return {
    backchannel_authentication_endpoint: url('backchannelAuthentication'),
    backchannel_token_delivery_modes_supported: backchannelDeliveryModes.filter((mode) =>
      askers.some((client) => client.backchannelTokenDeliveryMode === mode),
    ),
    backchannel_authentication_request_signing_alg_values_supported: algorithms.length > 0 ? algorithms : undefined,
    backchannel_user_code_parameter_supported: false,
  };
};

function mayAsk({ allowedGrantTypes, requireClientSecret }: Client): boolean {
  return allowedGrantTypes.includes(GrantTypes.ciba) && requireClientSecret;
}
