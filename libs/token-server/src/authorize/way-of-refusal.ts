import { decodeJwt } from 'jose';
import type { Form } from '../http/decode.js';
import { type AuthorizeRequest, responseModes } from './authorize-request.js';
import { findResponseType, usualMode } from './response-types.js';

/** How to tell the client that its request is wrong, from as much of the request as can be read. */
export function wayOfRefusal(form: Form): Pick<AuthorizeRequest, 'responseMode' | 'state'> {
  const object = requestObjectOf(form);
  const text = (name: string) => textOf(form[name]) ?? textOf(object[name]);
  const type = findResponseType(text('response_type') ?? '');
  const usual = type ? usualMode(type.parts) : 'query';
  const asked = responseModes.find((mode) => mode === text('response_mode'));
  // An error is no secret, but a client that listens to the fragment does not look at the query.
  const responseMode = asked === undefined || (asked === 'query' && usual === 'fragment') ? usual : asked;
  const state = text('state');
  return { responseMode, state: state !== undefined && state.length <= 4096 ? state : undefined };
}

/**
 * What a request object says, unverified (OpenID Connect Core §6.1). It is not supported, and a client that sent one may have its `state`
 * nowhere else: so it says how the refusal is told, which anybody could say in the request itself, and nothing more.
 */
function requestObjectOf({ request }: Form): Form {
  if (typeof request !== 'string' || request.length > 16_384) return {};
  try {
    return decodeJwt(request);
  } catch {
    return {};
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
