import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { developmentTls } from './development-tls.js';

/** Milliseconds. */
const patience = 10_000;

/** What a client was told. */
export interface Notification {
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** Where a client is told that a person has answered (CIBA Core §9), over https. */
export class NotificationEndpoint {
  readonly received: Notification[] = [];

  private constructor(
    private readonly server: Server,
    /** The authority that the token server must trust. */
    readonly ca: string,
  ) {}

  static async start(): Promise<NotificationEndpoint> {
    const { cert, key, ca } = await developmentTls();
    const server = createServer({ cert, key });
    const endpoint = new NotificationEndpoint(server, ca);
    server.on('request', (request, response) => void endpoint.take(request, response));
    await once(server.listen(0, '127.0.0.1').unref(), 'listening');
    return endpoint;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}/told`;
  }

  /** The next that comes. */
  async next(): Promise<Notification> {
    for (const end = Date.now() + patience; Date.now() < end; await pause(10)) {
      const first = this.received.shift();
      if (first) return first;
    }
    throw new Error('the client was told nothing');
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.received.push({ headers: request.headers, body: JSON.parse(await text(request)) });
    response.writeHead(204).end();
  }

  close(): void {
    this.server.close();
  }
}
