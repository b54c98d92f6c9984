import { describe, expect, it } from '@jest/globals';
import { Client } from '../client.js';
import { checkConfiguration } from './check-configuration.js';
import { describeFault } from './fault.js';

const problemsOf = (frontChannelLogoutUri: string, redirectUris = ['https://app.example.com:8443/callback']) => {
  const web = new Client({
    clientId: 'web',
    allowedGrantTypes: ['authorization_code'],
    requireClientSecret: false,
    redirectUris,
    frontChannelLogoutUri,
  });
  const configuration = {
    identityResources: [],
    apiScopes: [],
    apiResources: [],
    authorizationDetailTypes: [],
    clients: [web],
    users: [],
  };
  return checkConfiguration(configuration, ['RS256']).faults.map(describeFault);
};

describe('The page that a client has loaded at a sign-out (OpenID Connect Front-Channel Logout §2)', () => {
  it('has scheme, host and port of a redirect URI', () => {
    expect(problemsOf('https://app.example.com:8443/logout?tenant=1')).toEqual([]);
    const several = ['com.example.app:/callback', 'https://one.example/callback', 'https://two.example/callback'];
    expect(problemsOf('https://two.example/logout', several)).toEqual([]);
  });

  it.each([
    'https://app.example.com/logout',
    'http://app.example.com:8443/logout',
    'https://logout.app.example.com:8443/',
    'https://evil.example/',
  ])('is not elsewhere: %s', (uri) => {
    expect(problemsOf(uri)).toEqual([
      `clients[0].frontChannelLogoutUri: must have scheme, host and port of one of the redirect URIs (OpenID Connect Front-Channel Logout §2) (got "${uri}")`,
    ]);
  });
});

describe('A public client that needs no proof key (RFC 9700 §2.1.1)', () => {
  const warningsOf = (difference: Partial<Client>) => {
    const client = new Client({
      clientId: 'spa',
      allowedGrantTypes: ['authorization_code'],
      requireClientSecret: false,
      redirectUris: ['https://app.example.com/callback'],
      ...difference,
    });
    const configuration = {
      identityResources: [],
      apiScopes: [],
      apiResources: [],
      authorizationDetailTypes: [],
      clients: [client],
      users: [],
    };
    return checkConfiguration(configuration, ['RS256']).warnings.map(({ path }) => path);
  };

  it('is warned of, and no other is', () => {
    expect(warningsOf({ requirePkce: false })).toEqual(['clients[0].requirePkce']);
    expect(warningsOf({ requirePkce: false, allowedGrantTypes: ['hybrid'] })).toEqual(['clients[0].requirePkce']);
    expect(warningsOf({})).toEqual([]);
    expect(warningsOf({ requirePkce: false, allowedGrantTypes: ['implicit'] })).toEqual([]);
  });
});

describe('A client that gets bound tokens alone', () => {
  const problemsWith = (difference: Partial<Client>) => {
    const client = new Client({
      clientId: 'spa',
      allowedGrantTypes: ['hybrid'],
      requireClientSecret: false,
      redirectUris: ['https://app.example.com/callback'],
      requireDpop: true,
      ...difference,
    });
    const nothing = { identityResources: [], apiScopes: [], apiResources: [], authorizationDetailTypes: [], users: [] };
    return checkConfiguration({ ...nothing, clients: [client] }, ['RS256']).faults.map(describeFault);
  };

  it('cannot have tokens through the browser, which nothing binds', () => {
    expect(problemsWith({})).toEqual([]);
    expect(problemsWith({ allowAccessTokensViaBrowser: true })).toEqual([
      'clients[0].allowAccessTokensViaBrowser: contradicts requireDpop: tokens that come through the browser are bound to nothing (got true)',
    ]);
    expect(problemsWith({ allowAccessTokensViaBrowser: true, requireDpop: false })).toEqual([]);
  });
});
