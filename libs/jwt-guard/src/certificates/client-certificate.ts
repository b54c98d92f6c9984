import { CertificateError, type CertificateSource, readClientCertificate } from '@tessera/jws';
import type { PresentedRequest } from '../presentation/presented-request.js';
import { AccessTokenError } from '../token/access-token.error.js';

/**
 * The SHA-256 thumbprint, in base64url, of the certificate with which a client authenticated its connection (RFC 8705 §3.1), or
 * undefined where it has shown none.
 *
 * Throws an AccessTokenError: `certificate_mismatch` where the header holds no certificate, `request_malformed` where it comes twice.
 */
export function clientCertificateThumbprint(request: PresentedRequest, source: CertificateSource): string | undefined {
  try {
    return readClientCertificate(request, source)?.thumbprint;
  } catch (error) {
    throw error instanceof CertificateError ? refusalOf(error) : error;
  }
}

function refusalOf(error: CertificateError): AccessTokenError {
  const code = error.code === 'certificate_repeated' ? 'request_malformed' : 'certificate_mismatch';
  return new AccessTokenError(code, error.message, { cause: error });
}
