import type { PresentedRequest } from '../presentation/presented-request.js';
import type { CallKind } from './call.js';

/** HTTP: the request and the response of Fastify or Express. */
export const httpCalls: CallKind = {
  request: (context) => context.getArgByIndex<PresentedRequest>(0),
  carrier: (context) => context.getArgByIndex<object>(0),
  response: (context) => context.getArgByIndex<unknown>(1),
};
