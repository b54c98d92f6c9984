import { ClientCertificate } from './client-certificate.js';
import { headerCertificate } from './header-certificate.js';
import type { PresentedHeaders } from './presented-headers.js';

/** Who tells the certificate: the TLS connection itself, or a proxy that ends TLS and passes the certificate on in a header. */
export type CertificateSource = 'socket' | { readonly header: string };

/** A request, as far as its certificate goes. */
export interface CertifiedRequest extends PresentedHeaders {
  /** Express: the request is node's own. */
  readonly socket?: unknown;
  /** Fastify: node's request is inside. */
  readonly raw?: { readonly rawHeaders?: readonly string[] | undefined; readonly socket?: unknown } | undefined;
}

/**
 * The certificate with which a client authenticated its connection (RFC 8705 §3), or undefined where it has shown none. Whoever
 * ends TLS makes sure that the client holds the key. Whether an authority that one trusts has issued it is another question,
 * which this does not answer: a self-signed one binds a token just as well.
 *
 * Throws a CertificateError: `certificate_unreadable` where the header holds no certificate, `certificate_repeated` where it comes twice.
 */
export function readClientCertificate(
  request: CertifiedRequest,
  source: CertificateSource,
): ClientCertificate | undefined {
  return source === 'socket'
    ? socketCertificate((request.raw ?? request).socket)
    : headerCertificate(request, source.header);
}

/** What is used of node's TLSSocket: null once the connection is gone, without `raw` where no certificate was sent. */
interface TlsSocket {
  getPeerCertificate?(): { readonly raw?: Buffer } | null;
}

const known = new WeakMap<object, ClientCertificate>();

/**
 * A connection keeps its certificate: TLS 1.3 knows no renegotiation, and a listener for 1.2 must not allow it
 * (`SSL_OP_NO_RENEGOTIATION`), since node never takes back that it trusted the first one. That there is none is not remembered.
 */
function socketCertificate(socket: unknown): ClientCertificate | undefined {
  if (typeof socket !== 'object' || socket === null) return undefined;
  const remembered = known.get(socket);
  if (remembered !== undefined) return remembered;
  const raw = (socket as TlsSocket).getPeerCertificate?.()?.raw;
  if (!raw) return undefined;
  const certificate = new ClientCertificate(raw);
  known.set(socket, certificate);
  return certificate;
}
