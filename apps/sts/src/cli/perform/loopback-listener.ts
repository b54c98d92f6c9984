import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CliFault } from '../cli-fault.js';

interface Expected {
  readonly port: number;
  readonly path: string;
  readonly state: string;
}

/** Where a browser brings back a server's answer (RFC 8252 §7.3): on the loopback address alone, for as long as one command runs. */
export class LoopbackListener {
  private settle: (answer: URL) => void = () => undefined;
  private readonly answered = new Promise<URL>((resolve) => (this.settle = resolve));

  private constructor(
    private readonly server: Server,
    private readonly expected: Expected,
  ) {
    server.on('request', (request, response) => this.receive(request, response));
  }

  /** @throws CliFault where the port is taken */
  static async open(expected: Expected): Promise<LoopbackListener> {
    const server = createServer();
    const listener = new LoopbackListener(server, expected);
    try {
      await once(server.listen(expected.port, '127.0.0.1'), 'listening');
      return listener;
    } catch (error) {
      throw new CliFault(
        `Port ${expected.port} of 127.0.0.1 cannot be opened: ${(error as Error).message}. Choose another with --redirect-port.`,
        undefined,
        { cause: error },
      );
    }
  }

  get redirectUri(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${this.expected.path}`;
  }

  /** The address that the browser came back to; undefined when it did not within these seconds. */
  async answer(seconds: number): Promise<URL | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), seconds * 1000)));
    return Promise.race([this.answered, timeout]).finally(() => clearTimeout(timer));
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  /** Any page in the browser can send requests here: what does not bring our state is no answer (RFC 9700 §4.7.1). */
  private receive({ url = '/' }: IncomingMessage, response: ServerResponse): void {
    const address = URL.canParse(url, this.redirectUri) ? new URL(url, this.redirectUri) : undefined;
    const { path, state } = this.expected;
    const isAnswer = address?.pathname === path && address.searchParams.get('state') === state;
    response.writeHead(isAnswer ? 200 : 404, {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      connection: 'close',
    });
    response.end(isAnswer ? 'Done: see the terminal. This window can be closed.\n' : 'There is nothing here.\n');
    if (isAnswer) response.once('finish', () => this.settle(address));
  }
}
