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
}

/** RFC 6455 §7.4.1. */
const [policyViolation, internalError] = [1008, 1011];

/** Says why, as Nest's own filter would, and ends the connection. `answer`: absent where the fault is ours. */
export function refuseConnection(client: SocketClient, answer: object | undefined): void {
  const data = answer ?? { status: 'error', message: 'Internal server error' };
  if ('disconnect' in client) {
    client.emit('exception', data);
    client.disconnect(true);
  } else {
    client.send(JSON.stringify({ event: 'exception', data }));
    client.close(answer ? policyViolation : internalError);
  }
}
