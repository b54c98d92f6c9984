import type { IncomingHttpHeaders } from 'node:http';

/** What the engine needs of a request: common to Fastify and Express, so that it runs in either application. */
export interface HttpRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body?: unknown;
  /** Express has the raw headers on the request itself, Fastify on the one inside. */
  readonly rawHeaders?: readonly string[];
  readonly raw?: { readonly rawHeaders?: readonly string[] };
  /** The correlation id, where the platform gives one. */
  readonly id?: unknown;
}

/** What the engine needs of a response, likewise. */
export interface HttpReply {
  header(name: string, value: string): unknown;
  status(code: number): HttpReply;
  send(body?: unknown): unknown;
}
