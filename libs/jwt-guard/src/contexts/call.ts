import type { ExecutionContext } from '@nestjs/common';
import type { PresentedRequest } from '../presentation/presented-request.js';

/** A call to a handler, whatever brought it, as far as the guard is concerned. */
export interface Call {
  /** Lives with the call: what was verified is remembered by it. */
  readonly carrier: object;
  readonly request: PresentedRequest;
  /** The response to which headers can be added, where the call came with one. */
  readonly response?: unknown;
}

/**
 * The request that a call came with, where a token is looked for: `{ headers: { authorization: 'Bearer …' } }`. The same object for
 * each handler of one request, if it has one: a DPoP proof is checked once for it. Undefined where there is none, and the call is
 * refused.
 */
export type CallReader = (context: ExecutionContext) => PresentedRequest | undefined;

/** What is known of the calls of one kind of context. */
export interface CallKind {
  readonly request: CallReader;
  readonly carrier: (context: ExecutionContext) => object | undefined;
  readonly response?: (context: ExecutionContext) => unknown;
}

/** A call that was understood and brought nothing. */
export const emptyRequest: PresentedRequest = Object.freeze({ headers: Object.freeze({}) });

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
