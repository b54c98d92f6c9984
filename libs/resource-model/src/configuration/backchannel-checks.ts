import { GrantTypes } from '@tessera/protocol';
import type { Client } from '../client.js';

type At<Fault> = (property: keyof Client, value: unknown, problem: string) => Fault;

/** What a client needs that asks people in the back channel (CIBA Core §4), and what is of no use to others. */
export function backchannelContradictions<Fault>(client: Client, at: At<Fault>): Fault[] {
  return client.allowedGrantTypes.includes(GrantTypes.ciba) ? missing(client, at) : idle(client, at);
}

function missing<Fault>(client: Client, at: At<Fault>): Fault[] {
  const {
    backchannelTokenDeliveryMode: mode,
    backchannelClientNotificationEndpoint: endpoint,
    backchannelAuthenticationRequestSigningAlg: algorithm,
  } = client;
  const faults: Fault[] = [];
  if (!client.requireClientSecret || client.tokenEndpointAuthMethod === 'none') {
    const problem = 'CIBA is for clients that authenticate (CIBA Core §7.1): require a secret, or leave the grant out';
    faults.push(at('allowedGrantTypes', client.allowedGrantTypes, problem));
  }
  if (mode === undefined) {
    faults.push(at('backchannelTokenDeliveryMode', undefined, 'is needed for the grant of CIBA: poll or ping'));
  }
  if (mode === 'ping' && endpoint === undefined) {
    const problem = 'is needed for backchannelTokenDeliveryMode ping: where the client is told';
    faults.push(at('backchannelClientNotificationEndpoint', undefined, problem));
  }
  if (mode === 'poll' && endpoint !== undefined) {
    const problem = 'is of use with backchannelTokenDeliveryMode: ping alone: set that, or leave this out';
    faults.push(at('backchannelClientNotificationEndpoint', endpoint, problem));
  }
  if (endpoint !== undefined && !endpoint.startsWith('https:')) {
    faults.push(at('backchannelClientNotificationEndpoint', endpoint, 'must be https (CIBA Core §4)'));
  }
  if (algorithm !== undefined && client.jwks === undefined && client.jwksUri === undefined) {
    const problem = 'needs the public keys of the client: set jwks or jwksUri';
    faults.push(at('backchannelAuthenticationRequestSigningAlg', algorithm, problem));
  }
  return faults;
}

function idle<Fault>(client: Client, at: At<Fault>): Fault[] {
  const properties = [
    'backchannelTokenDeliveryMode',
    'backchannelClientNotificationEndpoint',
    'backchannelAuthenticationRequestSigningAlg',
  ] as const;
  const problem = `is of use with the grant ${GrantTypes.ciba} alone: list that in allowedGrantTypes, or leave this out`;
  return properties
    .filter((property) => client[property] !== undefined)
    .map((property) => at(property, client[property], problem));
}
