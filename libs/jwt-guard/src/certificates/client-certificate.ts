import { hash } from 'node:crypto';
import type { MtlsOptions } from '../options/jwt-guard.options.js';
import type { PresentedRequest } from '../presentation/presented-request.js';
import { headerThumbprint } from './header-certificate.js';

/**
 * The SHA-256 thumbprint, in base64url, of the certificate with which a client authenticated its connection (RFC 8705 §3.1), or
 * undefined where it has shown none. Whoever ends TLS makes sure that the client holds the key; whether the certificate is one
 * to be trusted is TLS's business as well and makes no difference here: a self-signed one serves just as well to bind a token.
 *
 * Throws an AccessTokenError: `certificate_mismatch` where the header holds no certificate, `request_malformed` where it comes twice.
 */
export function clientCertificateThumbprint(
  request: PresentedRequest,
  source: NonNullable<MtlsOptions['certificate']>,
): string | undefined {
  return source === 'socket'
    ? socketThumbprint((request.raw ?? request).socket)
    : headerThumbprint(request, source.header);
}

/** What is used of node's TLSSocket: null once the connection is gone, without `raw` where no certificate was sent. */
interface TlsSocket {
  getPeerCertificate?(): { readonly raw?: Buffer } | null;
}

const known = new WeakMap<object, string>();

/**
 * A connection keeps its certificate: TLS 1.3 knows no renegotiation, and in 1.2 whoever renegotiates has proved both keys. That
 * there is none is not remembered, since 1.2 may ask for one later.
 */
function socketThumbprint(socket: unknown): string | undefined {
  if (typeof socket !== 'object' || socket === null) return undefined;
  const remembered = known.get(socket);
  if (remembered !== undefined) return remembered;
  const raw = (socket as TlsSocket).getPeerCertificate?.()?.raw;
  if (!raw) return undefined;
  const thumbprint = hash('sha256', raw, 'base64url');
  known.set(socket, thumbprint);
  return thumbprint;
}
