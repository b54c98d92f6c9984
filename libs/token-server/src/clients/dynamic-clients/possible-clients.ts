import { type BackchannelDeliveryMode, backchannelDeliveryModes, FlowTypes, GrantTypes } from '@tessera/protocol';
import { Client, type ClientPolicy } from '@tessera/resource-model';
import type { ResolvedOptions } from '../../token-server.options.js';

/** One client of each kind that may come to be without being configured: what discovery has to reckon with. */
export function possibleClients(options: ResolvedOptions): readonly Client[] {
  const { registration, clientIdMetadataDocuments: documents } = options;
  const registered = options.endpoints.registration
    ? [registration.policy, ...registration.initialAccessTokens.flatMap(({ policy }) => policy ?? [])]
    : [];
  const described = documents.hosts.length > 0 ? [documents.policy] : [];
  return [
    ...registered.flatMap((policy) => kindsOf(policy, () => true)),
    ...described.flatMap((policy) => kindsOf(policy, (method) => !method.includes('secret'))),
  ];
}

function kindsOf(policy: ClientPolicy, isPossible: (method: string) => boolean): Client[] {
  return policy.tokenEndpointAuthMethods.filter(isPossible).flatMap((method) =>
    flowsOf(policy).flatMap((flow) =>
      deliveriesOf(flow).map(
        (backchannelTokenDeliveryMode) =>
          new Client({
            clientId: 'possible',
            allowedGrantTypes: [flow],
            backchannelTokenDeliveryMode,
            tokenEndpointAuthMethod: method,
            requireClientSecret: method !== 'none',
            allowOfflineAccess: policy.grantTypes.includes(GrantTypes.refreshToken),
            allowAccessTokensViaBrowser: true,
          }),
      ),
    ),
  );
}

/** How a client that asks people learns of the answer; of another there is nothing to learn. */
function deliveriesOf(flow: string): readonly (BackchannelDeliveryMode | undefined)[] {
  return flow === GrantTypes.ciba ? backchannelDeliveryModes : [undefined];
}

/** Hybrid is both of the others on the wire. */
function flowsOf({ grantTypes }: ClientPolicy): string[] {
  const isHybrid = grantTypes.includes(GrantTypes.authorizationCode) && grantTypes.includes(FlowTypes.implicit);
  const others = grantTypes.filter((type) => type !== GrantTypes.refreshToken);
  return isHybrid ? [...others, FlowTypes.hybrid] : others;
}
