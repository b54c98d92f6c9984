import type { EndpointName, ResolvedOptions } from '../token-server.options.js';
import { endpointPaths } from './endpoint-paths.js';

/** The address of an endpoint as clients know it: below the issuer, whatever host a request came by. */
export function endpointUrl(issuer: string, endpoint: EndpointName): string {
  return `${issuer.replace(/\/$/, '')}/${endpointPaths[endpoint]}`;
}

/** All the addresses of an endpoint: below the issuer and, where clients with certificates go to another host, there as well (RFC 8705 §5). */
export function endpointUrls(
  { issuer, mtls }: Pick<ResolvedOptions, 'issuer' | 'mtls'>,
  endpoint: EndpointName,
): [string, ...string[]] {
  const own = endpointUrl(issuer, endpoint);
  return mtls?.baseUrl === undefined ? [own] : [own, endpointUrl(mtls.baseUrl, endpoint)];
}
