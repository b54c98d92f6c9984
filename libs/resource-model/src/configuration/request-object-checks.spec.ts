import { describe, expect, it } from '@jest/globals';
import { Client, type ClientInit } from '../client.js';
import { faultsOf } from './fault.js';
import { requestObjectContradictions } from './request-object-checks.js';

const client = (more: Partial<ClientInit>) =>
  new Client({ clientId: 'web', allowedGrantTypes: ['authorization_code'], ...more });
const contradictions = (more: Partial<ClientInit>) => requestObjectContradictions(client(more), (property) => property);

describe('A client that must sign its requests', () => {
  it('has keys to sign them with', () => {
    expect(contradictions({ requireRequestObject: true })).toEqual(['requireRequestObject']);
    expect(contradictions({ requireRequestObject: true, jwksUri: 'https://app.example.com/jwks' })).toEqual([]);
    expect(contradictions({ requireRequestObject: true, jwks: { keys: [] } })).toEqual([]);
    expect(contradictions({})).toEqual([]);
  });

  it('needs none where nobody is sent here', () => {
    expect(contradictions({ requireRequestObject: true, allowedGrantTypes: ['client_credentials'] })).toEqual([]);
  });
});

describe('A client that pushes its requests', () => {
  it.each([0, 600, 1.5])('cannot have them wait for %d seconds (FAPI 2.0 Security Profile §5.3.2.2)', (seconds) => {
    const paths = faultsOf(client({ pushedAuthorizationLifetime: seconds }), 'client').map(({ path }) => path);
    expect(paths).toEqual(['client.pushedAuthorizationLifetime']);
  });

  it('can have them wait for 599', () => {
    expect(faultsOf(client({ pushedAuthorizationLifetime: 599 }), 'client')).toEqual([]);
  });
});
