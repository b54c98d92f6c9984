import type { Fault } from '@tessera/resource-model';
import type { Environment } from './environment.js';
import type { StsFile } from './sts-file.js';

/** Certificates of clients as the file has them; a header is believed from the proxies of STS_TRUST_PROXY, where the file names none. */
export function mtlsOf(
  { mtls }: Pick<StsFile, 'mtls'>,
  { trustProxy }: Pick<Environment, 'trustProxy'>,
): StsFile['mtls'] {
  if (!mtls || mtls.certificate === 'socket' || mtls.trustedProxies || typeof trustProxy === 'boolean') return mtls;
  return { ...mtls, trustedProxies: trustProxy };
}

/** Certificates that could never be seen here. */
export function mtlsFaults({ mtls }: Pick<StsFile, 'mtls'>, { tls }: Environment): Fault[] {
  if (mtls?.certificate !== 'socket' || tls.mode !== 'off') return [];
  const problem =
    'needs TLS at this server, and STS_TLS is off: name the header of the proxy that ends TLS, { header: X-Client-Cert }';
  return [{ path: 'mtls.certificate', value: mtls.certificate, problem }];
}
