import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { developmentTls } from '../development-tls.js';

/** Milliseconds. */
const patience = 15_000;

/** A request that came to a relying party. */
export interface ReceivedLogout {
  readonly path: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly form: URLSearchParams;
  readonly token: string;
}

/** The back-channel ends of relying parties, over https: each has a path, keeps what comes, and answers as it is told to. */
export class LogoutReceiver {
  private readonly received: ReceivedLogout[] = [];
  private readonly answers = new Map<string, number | 'silence'>();

  private constructor(
    private readonly server: Server,
    /** The authority that the token server must trust. */
    readonly ca: string,
  ) {}

  static async start(): Promise<LogoutReceiver> {
    const { cert, key, ca } = await developmentTls();
    const server = createServer({ cert, key });
    const receiver = new LogoutReceiver(server, ca);
    server.on('request', (request, response) => void receiver.take(request, response));
    await once(server.listen(0, '127.0.0.1').unref(), 'listening');
    return receiver;
  }

  uriOf(name: string): string {
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}/${name}`;
  }

  /** `silence`: the request is read, and never answered. Default: 200. */
  answer(name: string, answer: number | 'silence'): void {
    this.answers.set(`/${name}`, answer);
  }

  at(name: string): readonly ReceivedLogout[] {
    return this.received.filter(({ path }) => path === `/${name}`);
  }

  /** What has come, once it is so much. `meanwhile` is called again and again. */
  async until(name: string, count: number, meanwhile: () => void): Promise<readonly ReceivedLogout[]> {
    for (const end = Date.now() + patience; Date.now() < end; await pause(20)) {
      if (this.at(name).length >= count) return this.at(name);
      meanwhile();
    }
    throw new Error(`${name} was told ${this.at(name).length} times, not ${count} times`);
  }

  /** Whoever still waits for an answer gets none. */
  hangUp(): void {
    this.server.closeAllConnections();
  }

  forget(): void {
    this.received.length = 0;
    this.answers.clear();
  }

  close(): void {
    this.hangUp();
    this.server.close();
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url: path = '', method = '', headers } = request;
    const form = new URLSearchParams(await text(request));
    this.received.push({ path, method, headers, form, token: form.get('logout_token') ?? '' });
    const answer = this.answers.get(path) ?? 200;
    if (answer !== 'silence') response.writeHead(answer, { location: this.uriOf('elsewhere') }).end();
  }
}
