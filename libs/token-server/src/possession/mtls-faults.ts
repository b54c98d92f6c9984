import { X509Certificate } from 'node:crypto';
import { type Client, type Fault, faultsOf, type MtlsRules } from '@tessera/resource-model';
import type { ResolvedOptions } from '../token-server.options.js';

/** What is wrong with the rules about certificates, and clients that need certificates where none are looked at. */
export function mtlsFaults({ mtls, configuration }: Pick<ResolvedOptions, 'mtls' | 'configuration'>): Fault[] {
  const own = mtls ? faultsOf(mtls, 'mtls') : [];
  if (own.length > 0) return own;
  return [
    ...(mtls ? [...authorityFaults(mtls), ...baseFaults(mtls), ...proxyFaults(mtls)] : []),
    ...configuration.clients.flatMap((client, index) => clientFaults(client, `clients[${index}]`, mtls)),
    ...selfSignedFaults(configuration.clients, mtls),
  ];
}

function authorityFaults({ certificateAuthorities }: MtlsRules): Fault[] {
  return certificateAuthorities
    .map((pem, index) => ({ path: `mtls.certificateAuthorities[${index}]`, value: pem.slice(0, 40), pem }))
    .filter(({ pem }) => !isAuthority(pem))
    .map(({ path, value }) => ({ path, value, problem: 'must be the certificate of an authority in PEM form' }));
}

function baseFaults({ baseUrl }: MtlsRules): Fault[] {
  if (baseUrl === undefined || /^https:[^?#]+$/i.test(baseUrl)) return [];
  const problem = 'must be an https URL without query and fragment: the paths of the endpoints are added to it';
  return [{ path: 'mtls.baseUrl', value: baseUrl, problem }];
}

/** A certificate is no secret: whoever reaches the server past the proxy could send anybody's. */
function proxyFaults({ certificate, trustedProxies }: MtlsRules): Fault[] {
  if (certificate === 'socket' || trustedProxies !== undefined) return [];
  const problem =
    'must name the proxies that send the header, or anybody could: addresses or networks; the deployable server takes those of STS_TRUST_PROXY';
  return [{ path: 'mtls.trustedProxies', value: undefined, problem }];
}

/** A proxy that lets self-signed certificates through has checked nobody's issuer: then the authorities must be known here. */
function selfSignedFaults(clients: readonly Client[], mtls: MtlsRules | undefined): Fault[] {
  if (!mtls || mtls.certificate === 'socket' || mtls.certificateAuthorities.length > 0) return [];
  const by = (method: string) => clients.findIndex(({ tokenEndpointAuthMethod }) => tokenEndpointAuthMethod === method);
  const [byAuthority, bySelf] = [by('tls_client_auth'), by('self_signed_tls_client_auth')];
  if (byAuthority < 0 || bySelf < 0) return [];
  const problem = `needs mtls.certificateAuthorities: for clients[${bySelf}] the proxy lets certificates through that nobody has issued`;
  return [{ path: `clients[${byAuthority}].tokenEndpointAuthMethod`, value: 'tls_client_auth', problem }];
}

function isAuthority(pem: string): boolean {
  try {
    return new X509Certificate(pem).ca;
  } catch {
    return false;
  }
}

function clientFaults(client: Client, path: string, mtls: MtlsRules | undefined): Fault[] {
  const faults: Fault[] = [];
  const { tokenEndpointAuthMethod: method, tlsClientCertificateBoundAccessTokens: isBound } = client;
  const isByCertificate = method === 'tls_client_auth' || method === 'self_signed_tls_client_auth';
  const off = 'needs the certificates of clients, which this server does not look at: set mtls.certificate';
  if (!mtls && isByCertificate) faults.push({ path: `${path}.tokenEndpointAuthMethod`, value: method, problem: off });
  if (!mtls && isBound) {
    faults.push({ path: `${path}.tlsClientCertificateBoundAccessTokens`, value: true, problem: off });
  }
  if (mtls?.certificate === 'socket' && mtls.certificateAuthorities.length === 0 && method === 'tls_client_auth') {
    const problem =
      'needs the authorities that issue the certificates of clients: name them in mtls.certificateAuthorities';
    faults.push({ path: `${path}.tokenEndpointAuthMethod`, value: method, problem });
  }
  return faults;
}
