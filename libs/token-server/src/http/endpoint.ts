import {
  applyDecorators,
  Controller,
  type ExceptionFilter,
  SetMetadata,
  type Type,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import { ENDPOINT_RULES, type EndpointRules } from './endpoint-rules.js';
import { EndpointGate } from './endpoint.gate.js';
import { OAuthErrorFilter } from './oauth-error.filter.js';

/**
 * A controller for a protocol URL. Its one route takes all methods (`@All()`), so that the gate, and not the router's 404,
 * answers a wrong one. `filter`: how it refuses, where that is not the JSON of RFC 6749 §5.2.
 */
export function Endpoint(
  path: string | string[],
  rules: EndpointRules,
  filter: Type<ExceptionFilter> = OAuthErrorFilter,
): ClassDecorator {
  return applyDecorators(
    Controller(path),
    SetMetadata(ENDPOINT_RULES, rules),
    UseGuards(EndpointGate),
    UseFilters(filter),
  );
}
