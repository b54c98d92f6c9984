import { constants } from 'node:crypto';
import type { MtlsRules } from '@tessera/resource-model';

/** What makes a TLS listener ask for certificates. */
export interface ClientCertificateTls {
  readonly requestCert?: true;
  readonly rejectUnauthorized?: false;
  readonly ca?: string[];
  readonly secureOptions?: number;
}

/**
 * What the TLS listener of a server needs so that clients can show it their certificates: `https.createServer({ key, cert,
 * ...clientCertificateTls(mtls) })`. Nothing where a proxy ends TLS. Who shows none, or one of an unknown authority, is let in: what that means is for
 * each endpoint to say. Without authorities none is trusted, not even the public ones.
 */
export function clientCertificateTls(
  mtls: (Pick<MtlsRules, 'certificate'> & Partial<MtlsRules>) | undefined,
): ClientCertificateTls {
  if (mtls?.certificate !== 'socket') return {};
  return {
    requestCert: true,
    rejectUnauthorized: false,
    ca: mtls.certificateAuthorities ?? [],
    // A connection keeps the certificate that it began with. In TLS 1.2 another one could follow, and node never takes back that it trusted the first.
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
  };
}
