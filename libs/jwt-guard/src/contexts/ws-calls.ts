import { Logger, type ExecutionContext } from '@nestjs/common';
import type { PresentedRequest } from '../presentation/presented-request.js';
import { emptyRequest, isObject, type CallKind } from './call.js';
import { connectionRequest, knownHandshake } from './handshakes.js';

/** A client of socket.io, as far as it concerns us. */
interface SocketIoClient {
  readonly request: PresentedRequest;
  readonly handshake: { readonly auth?: unknown };
}

const logger = new Logger('JwtGuard');
let wasExplained = false;

/** Gateways: the handshake that opened the connection. */
export const wsCalls: CallKind = {
  request: (context) => {
    const client = context.getArgByIndex<unknown>(0);
    if (!isObject(client)) return undefined;
    return handshakeOf(client) ?? explain();
  },
  carrier: (context) => {
    const client = context.getArgByIndex<unknown>(0);
    return isObject(client) ? carrierOn(client, context.getHandler()) : undefined;
  },
};

/** The handshake of a client: a remembered one, or the one that a client of socket.io carries. */
export function handshakeOf(client: object): PresentedRequest | undefined {
  const known = knownHandshake(client);
  if (known || !isSocketIo(client)) return known;
  return connectionRequest(client, client.request, authToken(client));
}

function isSocketIo(client: object): client is SocketIoClient {
  const { handshake, request } = client as Partial<Record<string, unknown>>;
  return isObject(handshake) && isObject(request) && isObject(request.headers);
}

/** Browsers cannot set headers of a WebSocket; `auth: { token }` is the place that socket.io has for it. */
function authToken({ handshake: { auth } }: SocketIoClient): string | undefined {
  // With the scheme or without it: both are usual there.
  return isObject(auth) && typeof auth.token === 'string'
    ? `Bearer ${auth.token.replace(/^Bearer +/i, '')}`
    : undefined;
}

const carriers = new WeakMap<object, WeakMap<object, object>>();

/**
 * A connection outlives its messages: with the connection alone, a public handler would be given what another one has verified, long
 * after the token has expired.
 */
function carrierOn(client: object, handler: ReturnType<ExecutionContext['getHandler']>): object {
  let ofClient = carriers.get(client);
  if (!ofClient) carriers.set(client, (ofClient = new WeakMap()));
  let carrier = ofClient.get(handler);
  if (!carrier) ofClient.set(handler, (carrier = {}));
  return carrier;
}

/** Once, for the log: it is a matter of the application, and callers could fill the log with it. */
function explain(): PresentedRequest {
  if (!wasExplained) {
    logger.warn(
      'The handshake of a WebSocket is not known, so all of its messages are refused: call rememberHandshake(client, request) or HandshakeAuthenticator.admit() in handleConnection(client, request).',
    );
  }
  wasExplained = true;
  return emptyRequest;
}
