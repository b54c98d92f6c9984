// What each parameter of a request must look like (CIBA Core §7.1).
import type { GrantedScopes } from '@tessera/grant-types';
import { OAuthError, Scopes } from '@tessera/protocol';
import type { Client } from '@tessera/resource-model';
import type { BackchannelAuthenticationParams } from './backchannel-authentication-params.js';

/**
 * CIBA Core §7.1: short, and of plain text. No line ends, no characters that are invisible or turn the text around, no angle brackets, so that it is no
 * markup wherever it is shown; and something that can be compared.
 */
const plainText = /^(?=.*[\p{L}\p{N}])(?!.*\p{Default_Ignorable_Code_Point})[\p{L}\p{M}\p{N}\p{P}\p{Sc}+= ]{1,64}$/u;

/** The syntax of a bearer token (RFC 6750 §2.1). */
const bearerToken = /^[A-Za-z0-9\-._~+/]+=*$/;

const longestToken = 1024;

/** @throws OAuthError `invalid_request`, `invalid_scope` */
export function checkScope({ scope }: BackchannelAuthenticationParams): void {
  if (scope === undefined) throw new OAuthError('invalid_request', 'Parameter scope is missing.');
  if (scope.split(' ').includes(Scopes.openid)) return;
  throw new OAuthError('invalid_scope', 'scope must contain openid (CIBA Core §7.1).');
}

/** FAPI-CIBA §5.2.2: the person has to be able to tell this request from another. @throws OAuthError `invalid_request` */
export function checkBinding(
  { bindingMessage }: BackchannelAuthenticationParams,
  { requireBindingMessage }: Client,
  { details }: GrantedScopes,
): void {
  if (!requireBindingMessage || bindingMessage !== undefined || details !== undefined) return;
  throw new OAuthError('invalid_request', 'The client must send a binding_message, or authorization_details.');
}

/** @throws OAuthError `invalid_binding_message` */
export function checkBindingMessage({ bindingMessage }: BackchannelAuthenticationParams): void {
  if (bindingMessage === undefined || plainText.test(bindingMessage)) return;
  const right = 'letters, digits, punctuation and spaces, at most 64 of them';
  throw new OAuthError('invalid_binding_message', `binding_message must be plain text: ${right}.`);
}

/** With what the client wants to be told; undefined: it polls. @throws OAuthError `invalid_request` */
export function notificationToken(
  { clientNotificationToken: token }: BackchannelAuthenticationParams,
  { backchannelTokenDeliveryMode }: Client,
): string | undefined {
  if (backchannelTokenDeliveryMode !== 'ping') return undefined;
  if (token === undefined) {
    throw new OAuthError('invalid_request', 'client_notification_token is missing: the client is told by ping.');
  }
  if (token.length <= longestToken && bearerToken.test(token)) return token;
  const right = `a bearer token (RFC 6750 §2.1) of at most ${longestToken} characters`;
  throw new OAuthError('invalid_request', `client_notification_token must be ${right}.`);
}

/** Seconds: as long as asked for, and never longer than the client's requests live. @throws OAuthError `invalid_request` */
export function lifetime(
  { requestedExpiry }: BackchannelAuthenticationParams,
  { backchannelAuthenticationLifetime: longest }: Client,
): number {
  if (requestedExpiry === undefined) return longest;
  if (!/^0*[1-9]\d*$/.test(requestedExpiry)) {
    throw new OAuthError('invalid_request', 'requested_expiry must be a positive whole number of seconds.');
  }
  return Math.min(Number(requestedExpiry), longest);
}
