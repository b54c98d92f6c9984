import { GrantTypes } from '@tessera/protocol';
import type { Client } from '../client.js';
import { fapi2Security, fapiAlgorithms } from './fapi2.js';
import { isOneOf } from './oauth21.js';
import type { ProfileRule } from './profile.js';

const section = 'FAPI-CIBA §5.2.2';

const audienceProperties: readonly (keyof Client)[] = ['allowEndpointAudiences', 'requireAudienceText'];

/** FAPI Client Initiated Backchannel Authentication Profile, on top of the FAPI 2.0 Security Profile. There is no push mode for anybody. */
export const fapiCiba: readonly ProfileRule[] = [
  // Preset, and not locked: CIBA Core §7.1 has the URLs of the endpoints taken for audiences as well.
  ...fapi2Security.filter(({ property }) => !audienceProperties.includes(property)),
  {
    source: section,
    rule: 'Each request has something by which the person tells it from others: a message, or details.',
    property: 'requireBindingMessage',
    holds: ({ client }) => !asksPeople(client) || client.requireBindingMessage,
    mend: 'requireBindingMessage: true',
  },
  {
    source: `${section}, FAPI 2.0 Security Profile §5.4.1`,
    rule: 'Requests are signed, by PS256, ES256 or EdDSA; they count an hour at most, as they do for every client.',
    property: 'backchannelAuthenticationRequestSigningAlg',
    holds: ({ client }) =>
      !asksPeople(client) ||
      (client.backchannelAuthenticationRequestSigningAlg !== undefined &&
        isOneOf(client.backchannelAuthenticationRequestSigningAlg, fapiAlgorithms)),
    mend: 'backchannelAuthenticationRequestSigningAlg: PS256, ES256 or EdDSA',
  },
];

function asksPeople({ allowedGrantTypes }: Client): boolean {
  return allowedGrantTypes.includes(GrantTypes.ciba);
}
