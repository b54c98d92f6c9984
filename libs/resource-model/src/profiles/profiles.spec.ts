import { describe, expect, it } from '@jest/globals';
import { ApiResource } from '../api-resource.js';
import { Client, type ClientInit } from '../client.js';
import { checkConfiguration } from '../configuration/check-configuration.js';
import type { Configuration } from '../configuration/configuration.js';
import { presetsOf, profileNames, type ProfileName } from './profile-presets.js';
import { standingOf } from './profiles.js';

const key = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
};
const web: ClientInit = {
  clientId: 'web',
  allowedGrantTypes: ['authorization_code'],
  redirectUris: ['https://app.example.com/cb'],
  allowedScopes: ['https://mcp.example.com'],
};
const bank: ClientInit = {
  ...web,
  jwks: { keys: [key] },
  tokenEndpointAuthSigningAlg: 'ES256',
  requireDpop: true,
};
const signer: ClientInit = { ...bank, authorizationSignedResponseAlg: 'ES256', requestObjectSigningAlg: 'ES256' };
const asker: ClientInit = {
  ...bank,
  allowedGrantTypes: ['urn:openid:params:grant-type:ciba'],
  redirectUris: [],
  backchannelTokenDeliveryMode: 'poll',
  backchannelAuthenticationRequestSigningAlg: 'ES256',
};
const mcpServer = new ApiResource('https://mcp.example.com', 'MCP', { requireResourceIndicator: true });

function configured(client: ClientInit, apiResources = [mcpServer]): Configuration {
  const none = { apiScopes: [], identityResources: [], authorizationDetailTypes: [], users: [] };
  return { ...none, apiResources, clients: [new Client(client)] };
}

const problemsOf = (client: ClientInit, apiResources?: ApiResource[]) =>
  checkConfiguration(configured(client, apiResources), ['ES256']).faults.map(({ path }) =>
    path.replace('clients[0].', ''),
  );

const good: Readonly<Record<ProfileName, ClientInit>> = {
  oauth21: { ...web, profile: 'oauth21', clientSecrets: [], requireClientSecret: false },
  mcp: { ...web, profile: 'mcp', requireClientSecret: false },
  'fapi2-security': { ...bank, profile: 'fapi2-security' },
  'fapi2-message-signing': { ...signer, profile: 'fapi2-message-signing' },
  'fapi-ciba': { ...asker, profile: 'fapi-ciba' },
};

describe('A profile', () => {
  it.each(profileNames)('%s turns its rules on, so that naming it and what only the client knows is enough', (name) => {
    expect(problemsOf(good[name])).toEqual([]);
    const client = new Client(good[name]);
    expect(client).toMatchObject(presetsOf(name));
  });

  it.each<[ProfileName, Partial<ClientInit>, string]>([
    ['oauth21', { requirePkce: false }, 'requirePkce'],
    ['oauth21', { allowPlainTextPkce: true }, 'allowPlainTextPkce'],
    ['oauth21', { allowAccessTokensViaBrowser: true }, 'allowAccessTokensViaBrowser'],
    ['oauth21', { allowedGrantTypes: ['authorization_code', 'password'] }, 'allowedGrantTypes'],
    ['oauth21', { allowOfflineAccess: true, refreshTokenUsage: 'reUse' }, 'refreshTokenUsage'],
    ['oauth21', { redirectUris: ['http://app.example.com/cb'] }, 'redirectUris'],
    ['mcp', { requirePkce: false }, 'requirePkce'],
    ['fapi2-security', { tokenEndpointAuthMethod: 'client_secret_basic' }, 'tokenEndpointAuthMethod'],
    ['fapi2-security', { allowEndpointAudiences: true }, 'allowEndpointAudiences'],
    ['fapi2-security', { requireAudienceText: false }, 'requireAudienceText'],
    ['fapi2-security', { requireDpop: false }, 'requireDpop'],
    ['fapi2-security', { requirePushedAuthorization: false }, 'requirePushedAuthorization'],
    ['fapi2-security', { allowedGrantTypes: ['authorization_code', 'hybrid'] }, 'allowedGrantTypes'],
    ['fapi2-security', { allowedGrantTypes: ['hybrid'] }, 'allowedGrantTypes'],
    ['fapi2-security', { authorizationCodeLifetime: 61 }, 'authorizationCodeLifetime'],
    ['fapi2-security', { allowOfflineAccess: true, refreshTokenUsage: 'oneTimeOnly' }, 'refreshTokenUsage'],
    ['fapi2-security', { tokenEndpointAuthSigningAlg: 'RS256' }, 'tokenEndpointAuthSigningAlg'],
    ['fapi2-security', { allowedIdentityTokenSigningAlgorithms: ['RS256'] }, 'allowedIdentityTokenSigningAlgorithms'],
    ['fapi2-security', { userinfoSignedResponseAlg: 'RS256' }, 'userinfoSignedResponseAlg'],
    ['fapi2-security', { introspectionSignedResponseAlg: 'RS256' }, 'introspectionSignedResponseAlg'],
    ['fapi2-message-signing', { requireRequestObject: false }, 'requireRequestObject'],
    ['fapi2-message-signing', { requireRequestObjectBounds: false }, 'requireRequestObjectBounds'],
    ['fapi2-message-signing', { requireSignedAuthorizationResponse: false }, 'requireSignedAuthorizationResponse'],
    ['fapi2-message-signing', { requestObjectSigningAlg: 'RS256' }, 'requestObjectSigningAlg'],
    ['fapi2-message-signing', { authorizationSignedResponseAlg: 'RS256' }, 'authorizationSignedResponseAlg'],
    ['fapi-ciba', { requireClientSecret: false }, 'requireClientSecret'],
    ['fapi-ciba', { tokenEndpointAuthMethod: 'client_secret_basic' }, 'tokenEndpointAuthMethod'],
    ['fapi-ciba', { requireDpop: false }, 'requireDpop'],
    ['fapi-ciba', { requireBindingMessage: false }, 'requireBindingMessage'],
    [
      'fapi-ciba',
      { backchannelAuthenticationRequestSigningAlg: undefined },
      'backchannelAuthenticationRequestSigningAlg',
    ],
    [
      'fapi-ciba',
      { backchannelAuthenticationRequestSigningAlg: 'RS256' },
      'backchannelAuthenticationRequestSigningAlg',
    ],
  ])('%s locks its rules: %j is a fault', (name, difference, property) => {
    // The server has a key for what the profile forbids; and no other rule of the configuration stands in for that of the profile.
    const { faults } = checkConfiguration(configured({ ...good[name], ...difference }), ['ES256', 'RS256']);
    const broken = faults.filter(({ problem }) => problem.startsWith(`breaks profile '${name}'`));
    expect(broken.map(({ path }) => path)).toContain(`clients[0].${property}`);
  });

  it('fapi2-security asks of the server that it takes DPoP proofs of its three algorithms alone', () => {
    const { faults } = checkConfiguration(configured(good['fapi2-security']), ['ES256'], ['ES256', 'RS256']);
    expect(faults.map(({ path }) => path)).toEqual(['clients[0].requireDpop']);
    const certified = { ...good['fapi2-security'], requireDpop: false, tlsClientCertificateBoundAccessTokens: true };
    expect(checkConfiguration(configured(certified), ['ES256'], ['RS256']).faults).toEqual([]);
  });

  it('mcp asks for resources that have to be named, by their address', () => {
    const open = new ApiResource('https://mcp.example.com', 'MCP');
    expect(problemsOf(good.mcp, [open])).toEqual(['allowedScopes']);
    const nickname = new ApiResource('mcp', 'MCP', { requireResourceIndicator: true });
    expect(problemsOf({ ...good.mcp, allowedScopes: ['mcp'] }, [nickname])).toEqual(['allowedScopes']);
  });

  it('a fault of a profile says which rule is broken, where it stands and what would mend it', () => {
    const { faults } = checkConfiguration(configured({ ...good.oauth21, requirePkce: false }), ['ES256']);
    expect(faults).toEqual([
      {
        path: 'clients[0].requirePkce',
        value: false,
        problem:
          "breaks profile 'oauth21': Authorization codes come with a proof key (PKCE). (OAuth 2.1 §4.1.1) It needs requirePkce: true",
      },
    ]);
  });

  it('a client can be compared with a profile that it is not held to', () => {
    const client = new Client({ ...web, requirePkce: false });
    const subject = {
      client,
      configuration: configured(web),
      signingAlgorithms: ['RS256'],
      dpopAlgorithms: ['ES256'],
    } as const;
    const broken = standingOf('oauth21', subject).filter(({ holds }) => !holds);
    expect(broken.map(({ property }) => property)).toEqual(['requirePkce']);
    expect(standingOf('fapi2-security', subject).filter(({ holds }) => !holds).length).toBeGreaterThan(4);
  });

  it('a profile that nobody knows is a fault, and presets nothing', () => {
    expect(problemsOf({ ...web, profile: 'fapi3' as ProfileName })).toEqual(['profile']);
    expect(presetsOf('__proto__' as ProfileName)).toEqual({});
  });
});
