import type { PresentedRequest } from './presented-request.js';

/** The URL of a request as its sender wrote it, or undefined where that cannot be said: what `htu` of a DPoP proof is held against (RFC 9449 §4.3). */
export function requestUrl(request: PresentedRequest, publicUrl: string | undefined): string | undefined {
  const target = request.originalUrl ?? request.url;
  // An absolute target (RFC 9112 §3.2.2) could name any host: the one that was configured or connected to counts.
  const path = target?.startsWith('/') ? target : undefined;
  const base = publicUrl ?? requestOrigin(request);
  return path === undefined || base === undefined ? undefined : base + path;
}

/** A host with or without a port (RFC 3986 §3.2.2, §3.2.3), in the characters that names in use have. */
const plainHost = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?$/i;

/**
 * Scheme and host of a request, by the word of the adapter: it knows which proxies the application trusts. Both are the sender's
 * words all the same and nobody has looked at them: a host such as `api.example.com/orders?` would bring a path of its own along, and a
 * stolen proof for that path would open any other.
 */
function requestOrigin({ protocol, host }: PresentedRequest): string | undefined {
  const isPlain = (protocol === 'https' || protocol === 'http') && host !== undefined && plainHost.test(host);
  return isPlain ? `${protocol}://${host}` : undefined;
}
