/** A connection of socket.io or of the ws library. */
export type SocketClient = SocketIoClient | WsClient;

interface SocketIoClient {
  emit(event: string, data: unknown): unknown;
  disconnect(close: boolean): unknown;
}

interface WsClient {
  readonly readyState: number;
  send(data: string): void;
  close(code: number): void;
  terminate(): void;
  pause(): void;
  resume(): void;
  removeAllListeners(event: 'message'): unknown;
  once(event: 'close', listener: () => void): unknown;
}

/** RFC 6455 §7.4.1. */
const [policyViolation, internalError] = [1008, 1011];

/** Milliseconds that a client of ws has to answer the close frame. The library would wait for half a minute. */
const closingTime = 1000;

/**
 * Holds what a client of ws sends until the function that this gives is called: Nest does not wait for `handleConnection()`. Nothing
 * piles up, since the socket is not read. A client of socket.io cannot be held.
 */
export function holdMessages(client: SocketClient): () => void {
  if ('disconnect' in client) return () => undefined;
  client.pause();
  return () => client.resume();
}

/** Says why, as Nest's own filter would, and ends the connection. `answer`: absent where the fault is ours. */
export function refuseConnection(client: SocketClient, answer: object | undefined): void {
  const data = answer ?? { status: 'error', message: 'Internal server error' };
  if ('disconnect' in client) {
    client.emit('exception', data);
    client.disconnect(true);
  } else {
    client.send(JSON.stringify({ event: 'exception', data }));
    client.close(answer ? policyViolation : internalError);
    endSoon(client);
  }
}

/** Messages are given out until the peer answers the close frame, which is for the peer to do: from now on nobody listens. */
function endSoon(client: WsClient): void {
  client.removeAllListeners('message');
  const end = setTimeout(() => client.terminate(), closingTime).unref();
  client.once('close', () => clearTimeout(end));
}
