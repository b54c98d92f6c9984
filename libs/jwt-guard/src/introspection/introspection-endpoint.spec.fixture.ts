import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { AccessTokenError } from '../token/access-token.error.js';
import { IntrospectionClient, type IntrospectionPolicy } from './introspection-client.js';

interface ReceivedRequest {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly form: URLSearchParams;
}

type Answer = (response: ServerResponse, token: string) => void;

/** Answers with a status and a body: text as it is, everything else as JSON. */
export const answer =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(typeof body === 'string' ? body : JSON.stringify(body));

/** A real introspection endpoint on 127.0.0.1 that answers whatever a test wants, and clients that ask it. */
export class IntrospectionEndpoint {
  readonly requests: ReceivedRequest[] = [];
  /** What the clients told their `onFailure`. */
  readonly failures: Error[] = [];
  /** By token; every other one is not active. */
  readonly answers = new Map<string, Answer>();
  /** In the place of all the others. */
  everyAnswer: Answer | undefined;
  /** The clients' clock, in seconds. */
  now = 1_750_000_000;
  private server: Server | undefined;
  private port = 0;

  /** Listens, after `close()` again on the same port. */
  async open(): Promise<void> {
    this.server = createServer((request, response) => void this.receive(request, response));
    await new Promise<void>((resolve) => this.server!.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise<void>((resolve) => (this.server?.listening ? this.server.close(() => resolve()) : resolve()));
  }

  reset(): void {
    this.requests.length = 0;
    this.failures.length = 0;
    this.answers.clear();
    this.everyAnswer = undefined;
    this.now = 1_750_000_000;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/introspect`;
  }

  /** The token is active for an hour from now, with these members beside. */
  activate(token: string, members: Record<string, unknown> = {}): void {
    this.answers.set(token, answer(200, { active: true, sub: 'alice', exp: this.now + 3_600, ...members }));
  }

  client(policy: Partial<IntrospectionPolicy> = {}, endpoint = () => Promise.resolve(this.url)): IntrospectionClient {
    const usual: IntrospectionPolicy = {
      issuer: 'https://id.example.com',
      clientId: 'api1',
      clientSecret: 'very-secret',
      authMethod: 'client_secret_basic',
      cacheLifetime: 30,
      negativeCacheLifetime: 10,
      cacheSize: 1_000,
      fetchTimeout: 5,
      clock: () => this.now * 1000,
    };
    return new IntrospectionClient({ ...usual, ...policy }, endpoint, (error) => this.failures.push(error));
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await text(request));
    const { method, url: path, headers } = request;
    this.requests.push({ method, path, headers, form });
    const token = form.get('token') ?? '';
    (this.everyAnswer ?? this.answers.get(token) ?? answer(200, { active: false }))(response, token);
  }

  /** Waits until this many requests have come. */
  async received(count: number): Promise<void> {
    while (this.requests.length < count) await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** How an introspection went, in one word: active, inactive, or the code of the refusal. */
export async function outcome(client: IntrospectionClient, token: string): Promise<string> {
  try {
    return (await client.introspect(token)) ? 'active' : 'inactive';
  } catch (error) {
    return (error as AccessTokenError).code;
  }
}

/** What an introspection is refused with. */
export async function refusal(client: IntrospectionClient, token: string): Promise<AccessTokenError> {
  const error = await client.introspect(token).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof AccessTokenError) return error;
  throw new Error(`not refused: ${String(error)}`);
}
