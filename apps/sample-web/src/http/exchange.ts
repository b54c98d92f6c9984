import type { Session } from '../sessions/session.js';

/** What this application reads of a request. */
export interface WebRequest {
  /** Also in the log and on error pages. */
  readonly id: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: { readonly cookie?: string | undefined };
  readonly query: unknown;
  /** A form, decoded; undefined for a body of any other type. */
  readonly body: unknown;
  /** Set by the FormGuard, and by nobody else. */
  session?: Session;
}

/** What it does with an answer. */
export interface WebReply {
  status(status: number): this;
  header(name: string, value: string): this;
  redirect(url: string, status: number): unknown;
  send(body: unknown): unknown;
}
