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
  const configuration = { identityResources: [], apiScopes: [], apiResources: [], clients: [web], users: [] };
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
    const configuration = { identityResources: [], apiScopes: [], apiResources: [], clients: [client], users: [] };
    return checkConfiguration(configuration, ['RS256']).warnings.map(({ path }) => path);
  };

  it('is warned of, and no other is', () => {
    expect(warningsOf({ requirePkce: false })).toEqual(['clients[0].requirePkce']);
    expect(warningsOf({ requirePkce: false, allowedGrantTypes: ['hybrid'] })).toEqual(['clients[0].requirePkce']);
    expect(warningsOf({})).toEqual([]);
    expect(warningsOf({ requirePkce: false, allowedGrantTypes: ['implicit'] })).toEqual([]);
  });
});
