import { describe, expect, it } from '@jest/globals';
import { GrantTypes } from '@tessera/protocol';
import { Client, type ClientInit } from '../client.js';
import { backchannelContradictions } from './backchannel-checks.js';

const contradictions = (more: Partial<ClientInit>) =>
  backchannelContradictions(
    new Client({ clientId: 'bank', allowedGrantTypes: [GrantTypes.ciba], ...more }),
    (property, _value, problem) => `${property}: ${problem}`,
  );
const polls = { backchannelTokenDeliveryMode: 'poll' } as const;
const pings = { backchannelTokenDeliveryMode: 'ping' } as const;
const endpoint = 'https://client.example.com/told';

describe('A client that asks people in the back channel', () => {
  it('CIBA §4: says how it learns of the answer', () => {
    expect(contradictions(polls)).toEqual([]);
    expect(contradictions({})).toEqual([expect.stringContaining('backchannelTokenDeliveryMode: is needed')]);
  });

  it('CIBA §4: says where it is told, over https, if it is to be told', () => {
    expect(contradictions({ ...pings, backchannelClientNotificationEndpoint: endpoint })).toEqual([]);
    expect(contradictions(pings)).toEqual([
      expect.stringContaining('backchannelClientNotificationEndpoint: is needed'),
    ]);
    const insecure = 'http://client.example.com/told';
    expect(contradictions({ ...pings, backchannelClientNotificationEndpoint: insecure })).toEqual([
      expect.stringContaining('must be https'),
    ]);
    expect(contradictions({ ...polls, backchannelClientNotificationEndpoint: endpoint })).toEqual([
      expect.stringContaining('is of use with'),
    ]);
  });

  it('CIBA §7.1: authenticates', () => {
    for (const publicly of [{ requireClientSecret: false }, { tokenEndpointAuthMethod: 'none' as const }]) {
      expect(contradictions({ ...polls, ...publicly })).toEqual([
        expect.stringContaining('allowedGrantTypes: CIBA is for'),
      ]);
    }
  });

  it('CIBA §7.1.1: has keys where it signs its requests', () => {
    const signs = { ...polls, backchannelAuthenticationRequestSigningAlg: 'ES256' as const };
    expect(contradictions(signs)).toEqual([expect.stringContaining('needs the public keys')]);
    expect(contradictions({ ...signs, jwksUri: 'https://client.example.com/jwks' })).toEqual([]);
  });
});

it('What is for the back channel alone is of no use to another client', () => {
  const others = { allowedGrantTypes: [GrantTypes.authorizationCode] };
  expect(contradictions(others)).toEqual([]);
  expect(contradictions({ ...others, ...pings, backchannelClientNotificationEndpoint: endpoint })).toEqual([
    expect.stringContaining('backchannelTokenDeliveryMode: is of use with the grant'),
    expect.stringContaining('backchannelClientNotificationEndpoint: is of use with the grant'),
  ]);
});
