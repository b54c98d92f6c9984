import type { DiscoveryPart } from '../http/discovery-part.js';
import { endpointUrl } from '../http/endpoint-url.js';
import type { EndpointName } from '../token-server.options.js';

/** The endpoints that clients call themselves. People are never led to the host that asks for certificates. */
const direct: Readonly<Record<string, EndpointName>> = {
  token_endpoint: 'token',
  userinfo_endpoint: 'userinfo',
  introspection_endpoint: 'introspection',
  revocation_endpoint: 'revocation',
  device_authorization_endpoint: 'deviceAuthorization',
  backchannel_authentication_endpoint: 'backchannelAuthentication',
  pushed_authorization_request_endpoint: 'pushedAuthorization',
};

/** RFC 8705 §3.3 and §5: those of the endpoints that the document names. */
export const mtlsMetadata: DiscoveryPart = ({ options: { mtls } }, said) => {
  if (!mtls) return {};
  const { baseUrl } = mtls;
  const aliases = Object.entries(direct)
    .filter(([name]) => said[name] !== undefined)
    .map(([name, endpoint]) => [name, baseUrl && endpointUrl(baseUrl, endpoint)]);
  return {
    tls_client_certificate_bound_access_tokens: true,
    mtls_endpoint_aliases: baseUrl === undefined ? undefined : Object.fromEntries(aliases),
  };
};
