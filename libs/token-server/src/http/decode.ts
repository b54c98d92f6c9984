import { OAuthError, type ParameterDefinition, parametersOf } from '@tessera/protocol';
import type { HttpRequest } from './message.js';

type Form = Record<string, unknown>;

const decoders = new WeakMap<new () => object, readonly ParameterDefinition[]>();

/** RFC 8707 §2 and RFC 8693 §2.1: these may be sent several times, whoever reads them. */
const repeatable = new Set(['resource', 'audience']);

/** Names that would reach into objects if anybody ever copied them without care. */
const forbidden = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Reads the declared parameters of a form (RFC 6749 §3.2). Each at most once, an empty one counts as absent.
 * @throws OAuthError `invalid_request`
 */
export function decodeForm<T extends object>(type: new () => T, request: HttpRequest): T {
  const form = formOf(request);
  checkNames(form);
  const params = new type();
  for (const definition of definitionsOf(type)) {
    const value = read(form, definition);
    if (value !== undefined) Object.assign(params, { [definition.property]: value });
  }
  return params;
}

function definitionsOf(type: new () => object): readonly ParameterDefinition[] {
  let definitions = decoders.get(type);
  if (!definitions) {
    definitions = parametersOf(type);
    decoders.set(type, definitions);
  }
  return definitions;
}

/** Whether the body is what RFC 6749 §3.2 asks for. */
export function isForm(request: HttpRequest): boolean {
  return /^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(request.headers['content-type'] ?? '');
}

function formOf(request: HttpRequest): Form {
  if (!isForm(request)) {
    throw new OAuthError('invalid_request', 'The body must be a form: application/x-www-form-urlencoded.');
  }
  // Without a body the platforms leave nothing behind, or an empty object.
  return (request.body ?? {}) as Form;
}

function checkNames(form: Form): void {
  for (const name of Object.keys(form)) {
    if (name.includes('[') || forbidden.has(name)) {
      throw new OAuthError('invalid_request', `Parameter name '${name.slice(0, 40)}' is not allowed.`);
    }
    if (typeof form[name] !== 'string' && !repeatable.has(name)) {
      throw new OAuthError('invalid_request', `Parameter '${name.slice(0, 40)}' was sent more than once.`);
    }
  }
}

function read(form: Form, definition: ParameterDefinition): string | string[] | undefined {
  const sent = form[definition.name];
  const values = (Array.isArray(sent) ? sent : [sent]).filter((value) => value !== undefined && value !== '');
  for (const value of values) {
    if (typeof value !== 'string') {
      throw new OAuthError('invalid_request', `Parameter '${definition.name}' must be text.`);
    }
    if (value.length > definition.maxLength) {
      throw new OAuthError(
        'invalid_request',
        `Parameter '${definition.name}' has ${value.length} characters; at most ${definition.maxLength} are read.`,
      );
    }
  }
  if (definition.required && values.length === 0) {
    throw new OAuthError('invalid_request', `Parameter '${definition.name}' is missing.`);
  }
  if (definition.repeatable) return values.length > 0 ? (values as string[]) : undefined;
  if (values.length > 1) {
    throw new OAuthError('invalid_request', `Parameter '${definition.name}' was sent more than once.`);
  }
  return values[0] as string | undefined;
}
