import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { developmentTls } from './development-tls.js';

/** What is served under one path. */
export interface ServedDocument {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, unless it is text. */
  readonly body?: unknown;
}

/** A site over https on this machine, which serves what a spec puts there, and counts who asks. */
export class DocumentHost {
  readonly documents = new Map<string, ServedDocument>();
  /** Each path, as often as it was asked for. */
  readonly asked: string[] = [];
  /** Whoever came as far as the door. */
  connections = 0;

  private constructor(
    readonly url: string,
    /** Of the authority that signed its certificate. */
    readonly ca: string,
    readonly close: () => Promise<void>,
  ) {}

  static async start(): Promise<DocumentHost> {
    const { cert, key, ca } = await developmentTls();
    const server = createServer({ cert, key }, ({ url = '/' }, response) => {
      host.asked.push(url);
      const { status = 200, headers, body } = host.documents.get(url) ?? { status: 404 };
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    server.on('connection', () => host.connections++);
    server.unref();
    const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
    const host = new DocumentHost(`https://localhost:${(server.address() as AddressInfo).port}`, ca, close);
    return host;
  }

  /** Serves a document; gives its address. */
  serve(path: string, body: unknown, more: Omit<ServedDocument, 'body'> = {}): string {
    this.documents.set(path, { ...more, body });
    return this.url + path;
  }

  /** Serves the metadata of a client at its own client_id, which is given back. */
  serveClient(path: string, metadata: object, headers?: ServedDocument['headers']): string {
    return this.serve(path, { client_id: this.url + path, ...metadata }, { headers });
  }

  countOf(path: string): number {
    return this.asked.filter((one) => one === path).length;
  }
}
