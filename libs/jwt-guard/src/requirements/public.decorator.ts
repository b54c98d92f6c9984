import { SetMetadata } from '@nestjs/common';
import { publicKey } from './route-access.js';

/** Opens a route, or every route of a controller that asks for nothing else, to callers without a token. */
export function Public(): MethodDecorator & ClassDecorator {
  return SetMetadata(publicKey, true);
}
