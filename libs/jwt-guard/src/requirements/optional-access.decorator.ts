import { SetMetadata } from '@nestjs/common';
import { optionalKey } from './route-access.js';

/**
 * Opens a route, or every route of a controller that asks for nothing else, also to callers without a token. A token that comes must
 * be a good one: a bad one is refused as ever. Where none came, `@AccessToken()` and its like give undefined.
 */
export function OptionalAccess(): MethodDecorator & ClassDecorator {
  return SetMetadata(optionalKey, true);
}
