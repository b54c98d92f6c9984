import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** An HTTP server on 127.0.0.1 that can go away and come back at the same port. */
export class LoopbackServer {
  private server: Server | undefined;

  private constructor(
    private readonly answer: Answer,
    private port: number,
  ) {}

  /** `port`: 0 for a free one. */
  static async listen(answer: Answer, port: number): Promise<LoopbackServer> {
    const server = new LoopbackServer(answer, port);
    await server.open();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async open(): Promise<void> {
    if (this.server) return;
    const server = createServer((request, response) => void this.respond(request, response));
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(this.port, '127.0.0.1', resolve);
    });
    this.port = (server.address() as AddressInfo).port;
  }

  /** Breaks off what is under way as well: who is gone does not finish a sentence. */
  async close(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = undefined;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  }

  private async respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.answer(request, response);
    } catch (error) {
      if (!response.headersSent) response.writeHead(500);
      response.end(String(error));
    }
  }
}
