import type { OpenAPIObject } from '@nestjs/swagger';
import type { RouteWants } from '../requirements/route-access.js';
import type { Operation } from './marked-routes.js';

type Responses = NonNullable<NonNullable<OpenAPIObject['components']>['responses']>;

const refusal = {
  type: 'object',
  properties: { error: { type: 'string' }, error_description: { type: 'string' } },
  required: ['error', 'error_description'],
};

/** RFC 6750 §3.1: a request without a token gets no error code, but what Nest answers to any unauthenticated request. */
const tokenMissing = {
  type: 'object',
  properties: { statusCode: { type: 'integer', enum: [401] }, message: { type: 'string' } },
  required: ['statusCode', 'message'],
};

/** The refusals of the guard (RFC 6750 §3), for `components.responses`. */
export const refusalResponses: Responses = {
  AccessTokenNeeded: {
    description: 'The request has no access token, or one that is not accepted here.',
    headers: {
      'WWW-Authenticate': {
        description:
          'How a token is sent, and by `error` and `error_description` what was wrong with the one that was (RFC 6750 §3).',
        schema: { type: 'string' },
      },
    },
    content: { 'application/json': { schema: { oneOf: [refusal, tokenMissing] } } },
  },
  AccessTokenInsufficient: {
    description: 'The access token does not allow this.',
    headers: {
      'WWW-Authenticate': {
        description: 'Where scopes are missing: `insufficient_scope` and the `scope` that is needed (RFC 6750 §3.1).',
        schema: { type: 'string' },
      },
    },
    content: { 'application/json': { schema: refusal } },
  },
};

/** The refusals that a route can give, beside the responses that it describes itself. */
export function responsesWithRefusals(
  responses: Operation['responses'],
  { scopes, roles, claims }: RouteWants,
): Operation['responses'] {
  return {
    '401': { $ref: '#/components/responses/AccessTokenNeeded' },
    ...((scopes ?? roles ?? claims) && { '403': { $ref: '#/components/responses/AccessTokenInsufficient' } }),
    ...responses,
  };
}
