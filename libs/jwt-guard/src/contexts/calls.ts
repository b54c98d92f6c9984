import type { ExecutionContext } from '@nestjs/common';
import type { PresentedRequest } from '../presentation/presented-request.js';
import { emptyRequest, isObject, type Call, type CallKind, type CallReader } from './call.js';
import { graphqlCalls } from './graphql-calls.js';
import { httpCalls } from './http-calls.js';
import { rpcCalls } from './rpc-calls.js';
import { wsCalls } from './ws-calls.js';

/** The kinds of context that are understood. What is not here is denied. */
const kinds: ReadonlyMap<string, CallKind> = new Map([
  ['http', httpCalls],
  ['graphql', graphqlCalls],
  ['ws', wsCalls],
  ['rpc', rpcCalls],
]);

/** A kind that only the application understands. */
const ownKind = {
  carrier: (context: ExecutionContext): object | undefined => context.getArgs<unknown[]>().find(isObject),
};

/** Reads the calls of each kind of context, as Nest does or as the application says. */
export class Calls {
  private readonly kinds: ReadonlyMap<string, CallKind>;

  /** `own`: how the application reads the calls of a kind of context, by its name. */
  constructor(own: Readonly<Record<string, CallReader>> = {}) {
    const owned = Object.entries(own).map(([type, read]): [string, CallKind] => [
      type,
      { ...(kinds.get(type) ?? ownKind), request: (context) => read(context) ?? emptyRequest },
    ]);
    this.kinds = new Map([...kinds, ...owned]);
  }

  /** The call of a context, or undefined where it is not known how a token would come with it. */
  of(context: ExecutionContext): Call | undefined {
    const kind = this.kinds.get(context.getType<string>());
    const request = kind?.request(context);
    const carrier = request && kind!.carrier(context);
    return carrier && { carrier, request, response: kind!.response?.(context) };
  }
}

/**
 * What carries the call of a context. It depends on nothing that can be set, so that parameter decorators, which have no access to
 * the settings of an application, find what its guard remembered.
 */
export function carrierOf(context: ExecutionContext): object | undefined {
  return (kinds.get(context.getType<string>()) ?? ownKind).carrier(context);
}

/** The request that a call of a known kind came with. */
export function requestOf(context: ExecutionContext): PresentedRequest | undefined {
  return kinds.get(context.getType<string>())?.request(context);
}
