import { hash } from 'node:crypto';
import { certificateText } from './certificate-text.js';
import { CertificateError } from './certificate.error.js';
import { ClientCertificate } from './client-certificate.js';
import { headerCount, type PresentedHeaders } from './presented-headers.js';

/** The longest header that is read, in characters. */
const longestHeader = 16_384;

/** How many certificates are remembered: reading one costs more than everything else about a token. */
const mostRemembered = 1_000;

/** Certificates by the hash of the header's text. What is written differently is read anew. */
const remembered = new Map<string, ClientCertificate>();

/** The certificate that a proxy passes on in a header, or undefined where there was none to pass on. */
export function headerCertificate(request: PresentedHeaders, headerName: string): ClientCertificate | undefined {
  const name = headerName.toLowerCase();
  const text = request.headers[name];
  // nginx, HAProxy and Envoy send nothing or an empty header for a client without a certificate, Apache this word.
  if (text === undefined || text === '' || text === '(null)') return undefined;
  // The client may have sent one of its own, and the proxy added the true one. Which is which cannot be told.
  if (typeof text !== 'string' || headerCount(request, name) > 1) {
    throw new CertificateError('certificate_repeated', `The request has more than one ${headerName} header.`);
  }
  if (text.length > longestHeader) throw unreadable(headerName, `it is longer than ${longestHeader} characters`);
  return certificateOf(text, name, headerName);
}

function certificateOf(text: string, name: string, headerName: string): ClientCertificate {
  const key = hash('sha256', `${name}:${text}`, 'base64url');
  const found = remembered.get(key);
  if (found !== undefined) return found;
  try {
    const certificate = readCertificate(certificateText(text, name));
    remembered.set(key, certificate);
    if (remembered.size > mostRemembered) remembered.delete(remembered.keys().next().value!);
    return certificate;
  } catch (cause) {
    throw unreadable(headerName, cause);
  }
}

function readCertificate(base64: string): ClientCertificate {
  const certificate = new ClientCertificate(Buffer.from(base64, 'base64'));
  // Only what is a certificate to the last byte: the reader stops at the end of the first one.
  if (!certificate.x509.raw.equals(certificate.der)) {
    throw new Error('there is more in it than a certificate in DER');
  }
  return certificate;
}

function unreadable(headerName: string, cause: unknown): CertificateError {
  const description = `The header ${headerName} holds no readable client certificate.`;
  return new CertificateError('certificate_unreadable', description, { cause });
}
