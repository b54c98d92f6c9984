import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { carrierOf, requestOf } from '../contexts/calls.js';
import { readCredentials } from '../presentation/read-credentials.js';
import type { VerifiedAccess } from '../token/verified-access.js';
import { accessOfCarrier, isAnonymous } from './verified-requests.js';

/** What the verified token of a call grants, for guards, interceptors and filters of one's own; undefined where no token was verified. */
export function accessOf(context: ExecutionContext): VerifiedAccess | undefined {
  const carrier = carrierOf(context);
  return carrier && accessOfCarrier(carrier);
}

/**
 * The token itself, of a call that was let in with one: to hand it on, or to exchange it (RFC 8693). Undefined where none was verified,
 * and where `callReaders` of the application found it.
 */
export function tokenOf(context: ExecutionContext): string | undefined {
  const request = accessOf(context) && requestOf(context);
  return request && readCredentials(request, true).token;
}

/**
 * Gives a handler the verified claims, `list(@AccessToken() token: AccessTokenClaims)`, or one of them:
 * `list(@AccessToken('tenant') tenant: string)`. Undefined where `@OptionalAccess()` let somebody in without a token.
 */
export const AccessToken = createParamDecorator((claim: string | undefined, context: ExecutionContext): unknown => {
  const claims = verified('AccessToken', context)?.claims;
  return claim === undefined ? claims : claims?.[claim];
});

/** Gives a handler the subject of the token: the person, or the client where no person takes part. */
export const Subject = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined => {
  return verified('Subject', context)?.subject;
});

/** Gives a handler the client that the token was issued to; undefined where the issuer does not say it. */
export const ClientId = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined => {
  return verified('ClientId', context)?.clientId;
});

/** Gives a handler everything that is known of the token: claims, scopes, roles, issuer, binding. */
export const Access = createParamDecorator((_: unknown, context: ExecutionContext): VerifiedAccess | undefined => {
  return verified('Access', context);
});

function verified(decorator: string, context: ExecutionContext): VerifiedAccess | undefined {
  const carrier = carrierOf(context);
  const access = carrier && accessOfCarrier(carrier);
  if (access || (carrier && isAnonymous(carrier))) return access;
  throw new Error(
    `@${decorator}() in ${context.getClass().name}.${context.getHandler().name}: no token was verified for this route. Is it @Public(), or without a guard?`,
  );
}
