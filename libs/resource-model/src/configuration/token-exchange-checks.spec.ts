import { describe, expect, it } from '@jest/globals';
import { GrantTypes } from '@tessera/protocol';
import { ApiResource } from '../api-resource.js';
import { Client, type ClientInit } from '../client.js';
import { Secret, sha256 } from '../secret.js';
import { TrustedIssuer } from '../trusted-issuer.js';
import { checkConfiguration } from './check-configuration.js';
import type { Configuration } from './configuration.js';
import { describeFault } from './fault.js';
import { trustedIssuerWarnings } from './trusted-issuer-checks.js';

const configurationOf = (difference: Partial<ClientInit>): Configuration => {
  const gateway = new Client({
    clientId: 'gateway',
    allowedGrantTypes: [GrantTypes.tokenExchange],
    clientSecrets: [new Secret(sha256('secret'))],
    allowedScopes: ['orders', 'payments'],
    ...difference,
  });
  const apiResources = [new ApiResource('orders'), new ApiResource('payments')];
  const others = { identityResources: [], apiScopes: [], authorizationDetailTypes: [], users: [] };
  return { clients: [gateway], apiResources, ...others };
};
const find = (difference: Partial<ClientInit>) => {
  const { faults, warnings } = checkConfiguration(configurationOf(difference), ['RS256']);
  return [...faults, ...warnings].map(describeFault);
};
const rules = { audiences: ['payments'], scopes: { orders: ['payments'] } };

describe('What a client may exchange (RFC 8693)', () => {
  it('is sound where it names what there is', () => {
    expect(
      find({ tokenExchange: { ...rules, subjectTokenAudiences: ['orders'], subjectTokenClients: ['gateway'] } }),
    ).toEqual([]);
  });

  it.each<[string, Partial<ClientInit>, string]>([
    [
      'no API',
      { tokenExchange: { audiences: [] } },
      'clients[0].tokenExchange.audiences: audiences should not be empty',
    ],
    [
      'an API that nobody declared',
      { tokenExchange: { audiences: ['payment'] } },
      'clients[0].tokenExchange.audiences: names no ApiResource: declare it in apiResources, or leave it out; did you mean payments?',
    ],
    [
      'an API behind it that nobody declared',
      { tokenExchange: { ...rules, subjectTokenAudiences: ['order'] } },
      'clients[0].tokenExchange.subjectTokenAudiences: names no ApiResource',
    ],
    [
      'a scope that the client is not allowed',
      { allowedScopes: ['orders'], tokenExchange: rules },
      'clients[0].tokenExchange.scopes.orders: is not in allowedScopes of the client',
    ],
    [
      'scopes that are no lists',
      { tokenExchange: { ...rules, scopes: { orders: 'payments' } as never } },
      'clients[0].tokenExchange.scopes: scopes must be an object whose values are lists of scopes',
    ],
    [
      'what is no rule',
      { tokenExchange: { ...rules, subjectTokenClient: ['app'] } as never },
      'clients[0].tokenExchange.subjectTokenClient: is not a property of TokenExchangeRules; did you mean subjectTokenClients?',
    ],
    [
      'no grant for it',
      { allowedGrantTypes: ['client_credentials'], tokenExchange: rules },
      'clients[0].tokenExchange: has no effect: add urn:ietf:params:oauth:grant-type:token-exchange to allowedGrantTypes',
    ],
    [
      'a client that proves nothing',
      { requireClientSecret: false, clientSecrets: [], tokenExchange: rules },
      'clients[0].tokenExchange: is for clients that prove who they are (RFC 8693 §5)',
    ],
    [
      'a client that nobody declared',
      { tokenExchange: { ...rules, subjectTokenClients: ['gatevay'] } },
      'clients[0].tokenExchange.subjectTokenClients: names no client of this configuration',
    ],
    ['nothing at all', {}, 'clients[0].tokenExchange: is not there, so the client may exchange nothing'],
  ])('is not sound with %s', (_, difference, problem) => {
    expect(find(difference)).toEqual([expect.stringContaining(problem)]);
  });

  it('is not sound as a text', () => {
    expect(find({ tokenExchange: 'everything' as never })).toEqual([
      expect.stringContaining('clients[0].tokenExchange'),
    ]);
  });
});

it('A trusted issuer that lists a client nobody declared, and a client that none lists, are warned of', () => {
  const configuration = configurationOf({ allowedGrantTypes: [GrantTypes.jwtBearer] });
  const issuer = new TrustedIssuer({ issuer: 'https://partner.example', clients: ['gateways'], scopes: ['orders'] });
  expect(trustedIssuerWarnings([issuer], configuration).map(({ path }) => path)).toEqual([
    'trustedIssuers[0].clients',
    'clients[0].allowedGrantTypes',
  ]);
});
