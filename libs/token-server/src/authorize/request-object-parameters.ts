import { OAuthError, type ParameterDefinition, parametersOf } from '@tessera/protocol';
import type { Form } from '../http/decode.js';
import { AuthorizeParams } from './authorize-params.js';
import type { Claims } from './request-object-claims.js';

/** What is JSON anyway stands in a request object as it is, and not as text (RFC 9101 §4, OpenID Connect Core §6.1, RFC 9396 §3). */
const structured = new Set(['claims', 'registration', 'authorization_details']);

/** RFC 9101 §4: numbers are numbers there. */
const numeric = new Set(['max_age', 'requested_expiry']);

/** The declared parameters that stand in a request object, as a form would bring them. @throws OAuthError `invalid_request_object` */
export function parametersIn(claims: Claims, declared: new () => object = AuthorizeParams): Form {
  const present = parametersOf(declared).filter(({ name }) => Object.hasOwn(claims, name) && claims[name] !== null);
  return Object.fromEntries(present.map((definition) => [definition.name, read(claims[definition.name], definition)]));
}

function read(value: unknown, { name, repeatable }: ParameterDefinition): string | readonly string[] {
  if (typeof value === 'string') return value;
  if (numeric.has(name) && Number.isSafeInteger(value)) return String(value);
  if (structured.has(name) && typeof value === 'object') return JSON.stringify(value);
  if (repeatable && Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
  const right = structured.has(name)
    ? 'JSON'
    : numeric.has(name)
      ? 'a number'
      : repeatable
        ? 'text, or a list of it'
        : 'text';
  throw new OAuthError('invalid_request_object', `In the request object ${name} must be ${right}.`);
}
