import {
  ApiResource,
  type ClientInit,
  IdentityResources,
  Secret,
  sha256,
  type TokenServerOptions,
} from '@tessera/token-server';
import { issuer, redirectUri } from '../configuration.js';
import { lifetimes } from './lifetimes.js';

const common = {
  clientSecrets: [new Secret(sha256('secret'))],
  allowedScopes: ['openid', 'api1'],
  accessTokenLifetime: lifetimes.accessToken,
  absoluteRefreshTokenLifetime: lifetimes.refreshToken,
  refreshTokenGrace: lifetimes.refreshTokenGrace,
  authorizationCodeLifetime: lifetimes.code,
  deviceCodeLifetime: lifetimes.deviceCode,
};

/** Clients with the lifetimes of the compressed hour, and keys that sign fast. */
export const hourConfiguration: TokenServerOptions = {
  issuer,
  signingAlgorithms: ['ES256'],
  sessions: {
    idleTimeout: lifetimes.session,
    lifetime: lifetimes.session,
    interactionLifetime: lifetimes.interaction,
  },
  identityResources: [IdentityResources.openId()],
  apiResources: [new ApiResource('api1', 'An API', { apiSecrets: [new Secret(sha256('secret'))] })],
  clients: [
    {
      ...common,
      clientId: 'machine',
      allowedGrantTypes: ['client_credentials'],
      allowedScopes: ['api1'],
      accessTokenType: 'reference',
    },
    { ...common, clientId: 'jwt_chain', allowedGrantTypes: ['password'], allowOfflineAccess: true },
    {
      ...common,
      clientId: 'reference_chain',
      allowedGrantTypes: ['password'],
      allowOfflineAccess: true,
      accessTokenType: 'reference',
    },
    {
      ...common,
      clientId: 'web',
      allowedGrantTypes: ['authorization_code'],
      redirectUris: [redirectUri],
      allowOfflineAccess: true,
    },
    {
      ...common,
      clientId: 'television',
      allowedGrantTypes: ['urn:ietf:params:oauth:grant-type:device_code'],
      allowedScopes: ['api1'],
    },
  ] satisfies ClientInit[],
};
