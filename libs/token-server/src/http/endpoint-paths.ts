import type { EndpointName } from '../token-server.options.js';

/** Where each endpoint is, below the issuer: as in IdentityServer4. */
export const endpointPaths = {
  authorize: 'connect/authorize',
  token: 'connect/token',
  userinfo: 'connect/userinfo',
  introspection: 'connect/introspect',
  revocation: 'connect/revocation',
  endSession: 'connect/endsession',
  checkSession: 'connect/checksession',
  deviceAuthorization: 'connect/deviceauthorization',
  backchannelAuthentication: 'connect/ciba',
  pushedAuthorization: 'connect/par',
  registration: 'connect/register',
  discovery: '.well-known/openid-configuration',
  jwks: '.well-known/openid-configuration/jwks',
} as const satisfies Record<EndpointName, string>;
