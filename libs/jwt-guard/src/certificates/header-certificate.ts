import { hash, X509Certificate } from 'node:crypto';
import { headerCount, type PresentedRequest } from '../presentation/presented-request.js';
import { AccessTokenError } from '../token/access-token.error.js';
import { certificateText } from './certificate-text.js';

/** The longest header that is read, in characters. */
const longestHeader = 16_384;

/** How many certificates are remembered: reading one costs more than everything else about a token. */
const mostRemembered = 1_000;

/** Thumbprints by the hash of the header's text. What is written differently is read anew. */
const remembered = new Map<string, string>();

/** The thumbprint of the certificate that a proxy passes on in a header, or undefined where there was none to pass on. */
export function headerThumbprint(request: PresentedRequest, headerName: string): string | undefined {
  const name = headerName.toLowerCase();
  const text = request.headers[name];
  // nginx, HAProxy and Envoy send nothing or an empty header for a client without a certificate, Apache this word.
  if (text === undefined || text === '' || text === '(null)') return undefined;
  // The client may have sent one of its own, and the proxy added the true one. Which is which cannot be told.
  if (typeof text !== 'string' || headerCount(request, name) > 1) {
    throw new AccessTokenError('request_malformed', `The request has more than one ${headerName} header.`);
  }
  if (text.length > longestHeader) throw unreadable(headerName, `it is longer than ${longestHeader} characters`);
  return thumbprintOf(text, name, headerName);
}

function thumbprintOf(text: string, name: string, headerName: string): string {
  const key = hash('sha256', `${name}:${text}`, 'base64url');
  const found = remembered.get(key);
  if (found !== undefined) return found;
  try {
    const thumbprint = readThumbprint(certificateText(text, name));
    remembered.set(key, thumbprint);
    if (remembered.size > mostRemembered) remembered.delete(remembered.keys().next().value!);
    return thumbprint;
  } catch (cause) {
    throw unreadable(headerName, cause);
  }
}

function readThumbprint(base64: string): string {
  const der = Buffer.from(base64, 'base64');
  // Only what is a certificate to the last byte: the reader stops at the end of the first one.
  if (!new X509Certificate(der).raw.equals(der)) throw new Error('there is more in it than a certificate in DER');
  return hash('sha256', der, 'base64url');
}

function unreadable(headerName: string, cause: unknown): AccessTokenError {
  return new AccessTokenError(
    'certificate_mismatch',
    `The header ${headerName} holds no readable client certificate.`,
    { cause },
  );
}
