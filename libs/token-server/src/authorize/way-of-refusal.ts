import type { Client } from '@tessera/resource-model';
import { decodeJwt } from 'jose';
import type { Form } from '../http/decode.js';
import type { AuthorizeRequest } from './authorize-request.js';
import { findResponseMode, modeOfRefusal } from './response-modes.js';
import { isPushed } from './pushed-requests.js';
import { findResponseType } from './response-types.js';

/** Of a request whose response_type says nothing that is known: nothing of it would have been a token. */
const unknown = { code: false, idToken: false, token: false };

/** How to tell the client that its request is wrong, from as much of the request as can be read. */
export function wayOfRefusal(form: Form, client: Client): Pick<AuthorizeRequest, 'responseMode' | 'state'> {
  const said = legible(form);
  const text = (name: string) => textOf(said[name]);
  const type = findResponseType(text('response_type') ?? '')?.parts ?? unknown;
  const asked = findResponseMode(text('response_mode'), type) ?? findResponseMode(undefined, type)!;
  const responseMode = modeOfRefusal(asked, type, client);
  const state = text('state');
  return { responseMode, state: state !== undefined && state.length <= 4096 ? state : undefined };
}

/**
 * As much of a refused request as can be read: its own parameters, and what a request object says of which they say nothing, unverified (OpenID Connect Core
 * §6.1). A client that sent one may have its `state` nowhere else: so it says where and how the refusal is told, which anybody could say in the request itself,
 * and nothing more. Beside a pushed request nothing is said at all (RFC 9126 §4).
 */
export function legible(form: Form): Form {
  if (isPushed(form.request_uri)) return {};
  const own = Object.entries(form).filter(([, value]) => value !== '');
  return { ...requestObjectOf(form), ...Object.fromEntries(own) };
}

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
