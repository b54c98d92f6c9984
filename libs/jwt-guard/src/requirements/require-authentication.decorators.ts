import { SetMetadata } from '@nestjs/common';
import { requiredAcrKey, requiredMaxAgeKey } from './route-access.js';

/**
 * The person must have signed in by one of these authentication context classes (`acr`), else the answer is 401
 * `insufficient_user_authentication` (RFC 9470), with which a client knows to ask for another sign-in.
 */
export function RequireAcr(...acrValues: [string, ...string[]]): MethodDecorator & ClassDecorator {
  if (
    acrValues.length === 0 ||
    acrValues.some((value) => typeof value !== 'string' || value === '' || value.includes(' '))
  ) {
    throw new TypeError(
      `@RequireAcr() was given ${JSON.stringify(acrValues)}; give one text for each class, the best first.`,
    );
  }
  return SetMetadata(requiredAcrKey, Object.freeze([...acrValues]));
}

/** The sign-in (`auth_time`) must not be longer ago than this, else the answer is that of `@RequireAcr()`. Seconds. */
export function RequireMaxAge(seconds: number): MethodDecorator & ClassDecorator {
  if (!Number.isInteger(seconds) || seconds < 0) {
    throw new TypeError(`@RequireMaxAge() was given ${String(seconds)}; give a whole number of seconds.`);
  }
  return SetMetadata(requiredMaxAgeKey, seconds);
}
