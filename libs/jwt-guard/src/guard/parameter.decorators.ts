import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { carrierOf } from '../contexts/calls.js';
import type { AccessTokenClaims } from '../token/access-token-claims.js';
import type { VerifiedAccess } from '../token/verified-access.js';
import { accessOfCarrier } from './verified-requests.js';

/** What the verified token of a call grants, for guards, interceptors and filters of one's own; undefined where no token was verified. */
export function accessOf(context: ExecutionContext): VerifiedAccess | undefined {
  const carrier = carrierOf(context);
  return carrier && accessOfCarrier(carrier);
}

/** Gives a handler the verified claims: `list(@AccessToken() token: AccessTokenClaims)`. */
export const AccessToken = createParamDecorator((_: unknown, context: ExecutionContext): AccessTokenClaims => {
  return verified('AccessToken', context).claims;
});

/** Gives a handler the subject of the token: the person, or the client where no person takes part. */
export const Subject = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  return verified('Subject', context).subject;
});

/** Gives a handler the client that the token was issued to; undefined where the issuer does not say it. */
export const ClientId = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined => {
  return verified('ClientId', context).clientId;
});

/** Gives a handler everything that is known of the token: claims, scopes, roles, issuer, binding. */
export const Access = createParamDecorator((_: unknown, context: ExecutionContext): VerifiedAccess => {
  return verified('Access', context);
});

function verified(decorator: string, context: ExecutionContext): VerifiedAccess {
  const access = accessOf(context);
  if (access) return access;
  throw new Error(
    `@${decorator}() in ${context.getClass().name}.${context.getHandler().name}: no token was verified for this route. Is it @Public(), or without a guard?`,
  );
}
