import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The connections of a server, and on which of them a request is under way. */
export class OpenConnections {
  /** By the other end, as the request on a connection with TLS comes by another socket than the connection itself. */
  private readonly sockets = new Map<string, Socket>();
  private readonly requests = new Map<string, number>();
  private isEnding = false;

  constructor(server: Server) {
    server.on('connection', (socket) => this.add(socket));
    server.on('request', (request, response) => this.await(request, response));
  }

  /**
   * Ends all that carry no request: those kept open for the next one, and those that a browser opened ahead of its first, which Node counts among the
   * busy ones. The others end with the answer.
   */
  endIdle(): void {
    this.isEnding = true;
    for (const [end, socket] of this.sockets) if (!this.requests.has(end)) socket.destroy();
  }

  private add(socket: Socket): void {
    const end = otherEnd(socket);
    this.sockets.set(end, socket);
    socket.once('close', () => {
      // The system may have given the same port to a new connection by now.
      if (this.sockets.get(end) === socket) this.sockets.delete(end);
    });
    if (this.isEnding) socket.destroy();
  }

  private await({ socket }: IncomingMessage, response: ServerResponse): void {
    const end = otherEnd(socket);
    this.requests.set(end, (this.requests.get(end) ?? 0) + 1);
    response.once('close', () => {
      const left = this.requests.get(end)! - 1;
      if (left > 0) return void this.requests.set(end, left);
      this.requests.delete(end);
      if (this.isEnding) socket.end();
    });
  }
}

function otherEnd({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
