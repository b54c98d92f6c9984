import type { TLSSocket } from 'node:tls';
import type { PresentedRequest } from '../presentation/presented-request.js';

/**
 * The requests with which connections were opened. The same object for all that is said on a connection: a proof of possession is
 * checked once for it, the token with each message.
 */
const handshakes = new WeakMap<object, PresentedRequest>();

/** The handshake that was remembered for a connection. */
export function knownHandshake(connection: object): PresentedRequest | undefined {
  return handshakes.get(connection);
}

/**
 * Says with which request a WebSocket was opened: `handleConnection(client, request) { rememberHandshake(client, request); }`.
 * Clients of `ws` do not carry it themselves; those of socket.io do. `token`: an access token that the application found elsewhere,
 * such as in a subprotocol, or that the client sent in place of the first one.
 */
export function rememberHandshake(client: object, request: PresentedRequest, token?: string): void {
  const headers = token === undefined ? request.headers : { ...request.headers, authorization: `Bearer ${token}` };
  handshakes.set(client, { ...described(request), headers });
}

/** The request of a connection. `authorization`: what the client sent in place of the header; the header itself wins. */
export function connectionRequest(
  connection: object,
  upgrade: PresentedRequest,
  authorization?: string,
): PresentedRequest {
  const isElsewhere = authorization !== undefined && upgrade.headers.authorization === undefined;
  // Several connections may share one upgrade (the namespaces of socket.io), and its proof is good for all of them.
  const key = isElsewhere ? connection : upgrade;
  let request = handshakes.get(key);
  if (!request) {
    const headers = isElsewhere ? { ...upgrade.headers, authorization } : upgrade.headers;
    handshakes.set(key, (request = { ...described(upgrade), headers }));
  }
  return request;
}

/** An upgrade is a GET over http or https (RFC 6455 §1.3), and node's request does not say which. */
function described({
  headers,
  rawHeaders,
  raw,
  socket,
  method,
  url,
  originalUrl,
  protocol,
  host,
}: PresentedRequest): PresentedRequest {
  const isSecure = (socket as TLSSocket | undefined)?.encrypted === true;
  const named = typeof headers.host === 'string' ? headers.host : undefined;
  return {
    ...{ headers, rawHeaders, raw, socket, method, url, originalUrl },
    protocol: protocol ?? (isSecure ? 'https' : 'http'),
    host: host ?? named,
  };
}
