import type { IncomingHttpHeaders } from 'node:http';

/** What the engine needs of a request: common to Fastify and Express, so that it runs in either application. */
export interface HttpRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body?: unknown;
  readonly query?: unknown;
  /** Path and query. */
  readonly url: string;
  /** The address of the caller, as far as trusted proxies tell. */
  readonly ip?: string;
  /** Express has the raw headers on the request itself, Fastify on the one inside. */
  readonly rawHeaders?: readonly string[];
  readonly raw?: { readonly rawHeaders?: readonly string[] };
  /** The correlation id, where the platform gives one. */
  readonly id?: unknown;
}

/** What the engine needs of a response, likewise. */
export interface HttpReply {
  /** Sets a header; several values make several lines (Set-Cookie). */
  header(name: string, value: string | string[]): unknown;
  getHeader(name: string): string | string[] | number | undefined;
  removeHeader(name: string): unknown;
  status(code: number): HttpReply;
  send(body?: unknown): unknown;
}
