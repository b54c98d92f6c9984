import type { ExecutionContext } from '@nestjs/common';
import type { PresentedRequest } from '../presentation/presented-request.js';
import { isObject, type CallKind } from './call.js';
import { connectionRequest } from './handshakes.js';

/** A connection of graphql-ws: the upgrade request, and what the client sent with `connection_init`. */
interface GraphqlConnection {
  readonly extra: { readonly request: PresentedRequest };
  readonly connectionParams?: unknown;
}

/** GraphQL: the HTTP request that brought the query, or the connection of a subscription. */
export const graphqlCalls: CallKind = {
  request: (context) => {
    const values = contextValue(context);
    const request = httpRequest(values);
    if (request) return request;
    const connection = graphqlConnection(values);
    return connection && connectionRequest(connection.extra, connection.extra.request, authorizationParam(connection));
  },
  // A connection lives longer than a query: there what was verified goes with the query.
  carrier: (context) => {
    const values = contextValue(context);
    return httpRequest(values) ?? values;
  },
  // Apollo takes headers from the error itself.
  response: (context) => {
    const reply = contextValue(context)?.reply;
    return isObject(reply) && typeof reply.header === 'function' ? reply : undefined;
  },
};

/** Resolvers get (root, arguments, context, info), those of references no arguments. By place alone: arguments are the caller's to shape. */
function contextValue(context: ExecutionContext): Record<string, unknown> | undefined {
  const given = context.getArgs<unknown[]>();
  const value = given.length === 3 ? given[1] : given[2];
  return isObject(value) ? value : undefined;
}

/** `req` with Apollo, `request` or `reply.request` with mercurius. */
function httpRequest(values: Record<string, unknown> | undefined): PresentedRequest | undefined {
  if (!values) return undefined;
  const { req, request, reply } = values;
  return [req, request, isObject(reply) ? reply.request : undefined].find(isRequest);
}

/** The driver for Apollo puts the connection in the place of the request. */
function graphqlConnection(values: Record<string, unknown> | undefined): GraphqlConnection | undefined {
  const isConnection = (value: unknown): value is GraphqlConnection =>
    isObject(value) && isObject(value.extra) && isRequest(value.extra.request);
  return [values?.req, values].find(isConnection);
}

/** Browsers cannot set headers of a WebSocket; these parameters are where clients of GraphQL put them. */
function authorizationParam({ connectionParams }: GraphqlConnection): string | undefined {
  if (!isObject(connectionParams)) return undefined;
  const value = connectionParams.authorization ?? connectionParams.Authorization;
  return typeof value === 'string' ? value : undefined;
}

function isRequest(value: unknown): value is PresentedRequest {
  return isObject(value) && isObject(value.headers);
}
