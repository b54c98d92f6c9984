import { OAuthError, type ParameterDefinition, parametersOf } from '@tessera/protocol';
import type { HttpRequest } from './message.js';

/** Names and values as the platform parsed them: nothing is known of them yet. */
export type Form = Readonly<Record<string, unknown>>;

const decoders = new WeakMap<new () => object, readonly ParameterDefinition[]>();

/** RFC 8707 §2 and RFC 8693 §2.1: these may be sent several times, whoever reads them. */
const repeatable = new Set(['resource', 'audience']);

/** More values than any client has a use for. */
const mostValues = 20;

/** Names that would reach into objects if anybody ever copied them without care. */
const forbidden = new Set(['__proto__', 'constructor', 'prototype']);

/** The form of a request whose names have been checked: once, whoever reads it next. */
const checkedForm = Symbol('tessera.form');

interface Checked {
  [checkedForm]?: Form;
}

/**
 * Reads the declared parameters of a form (RFC 6749 §3.2). Each at most once, an empty one counts as absent.
 * @throws OAuthError `invalid_request`
 */
export function decodeForm<T extends object>(type: new () => T, request: HttpRequest): T {
  const form = ((request as Checked)[checkedForm] ??= checkNames(formOf(request)));
  return decodeParameters(type, form);
}

/** As {@link decodeForm}, out of what has been parsed elsewhere: a query, a request that was kept. */
export function decodeParameters<T extends object>(type: new () => T, form: Form): T {
  const params = new type() as Record<string, unknown>;
  for (const definition of definitionsOf(type)) {
    const value = read(form[definition.name], definition);
    if (value !== undefined) params[definition.property] = value;
  }
  return params as T;
}

/** The declared parameters of a form as they were sent, to be kept and decoded again: what comes beside them is not worth keeping. */
export function declaredOf(type: new () => object, form: Form): Readonly<Record<string, string | readonly string[]>> {
  const kept: Record<string, string | readonly string[]> = {};
  for (const { name } of definitionsOf(type)) {
    const sent = form[name];
    if (typeof sent === 'string' && sent !== '') kept[name] = sent;
    if (!Array.isArray(sent)) continue;
    const values = sent.filter((value): value is string => typeof value === 'string' && value !== '');
    if (values.length > 0) kept[name] = values.length === 1 ? values[0]! : values;
  }
  return kept;
}

function definitionsOf(type: new () => object): readonly ParameterDefinition[] {
  let definitions = decoders.get(type);
  if (!definitions) {
    definitions = parametersOf(type);
    decoders.set(type, definitions);
  }
  return definitions;
}

const formType = 'application/x-www-form-urlencoded';

/** Whether the body is what RFC 6749 §3.2 asks for. */
export function isForm({ headers }: HttpRequest): boolean {
  const type = headers['content-type'] ?? '';
  return type === formType || /^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(type);
}

/** The form in the body. @throws OAuthError `invalid_request` */
export function formOf(request: HttpRequest): Form {
  if (!isForm(request)) throw new OAuthError('invalid_request', `The body must be a form: ${formType}.`);
  // Without a body the platforms leave nothing behind, or an empty object.
  return (request.body ?? {}) as Form;
}

/** RFC 6749 §3.1: each parameter at most once. @throws OAuthError `invalid_request` */
export function checkNames(form: Form): Form {
  for (const name of Object.keys(form)) {
    if (name.includes('[') || forbidden.has(name)) {
      throw new OAuthError('invalid_request', `Parameter name '${name.slice(0, 40)}' is not allowed.`);
    }
    if (typeof form[name] !== 'string' && !repeatable.has(name)) {
      throw new OAuthError('invalid_request', `Parameter '${name.slice(0, 40)}' was sent more than once.`);
    }
  }
  return form;
}

function read(sent: unknown, definition: ParameterDefinition): string | string[] | undefined {
  // Nearly every parameter is sent once, or is optional and not sent at all.
  if (typeof sent === 'string' && sent !== '') {
    checkValue(sent, definition);
    return definition.repeatable ? [sent] : sent;
  }
  if (sent === undefined && !definition.required) return undefined;
  const values = (Array.isArray(sent) ? sent : [sent]).filter((value) => value !== undefined && value !== '');
  if (values.length > mostValues) {
    throw new OAuthError('invalid_request', `Parameter '${definition.name}' was sent more than ${mostValues} times.`);
  }
  for (const value of values) checkValue(value, definition);
  if (definition.required && values.length === 0) {
    throw new OAuthError('invalid_request', `Parameter '${definition.name}' is missing.`);
  }
  if (definition.repeatable) return values.length > 0 ? (values as string[]) : undefined;
  if (values.length > 1) {
    throw new OAuthError('invalid_request', `Parameter '${definition.name}' was sent more than once.`);
  }
  return values[0] as string | undefined;
}

function checkValue(value: unknown, { name, maxLength }: ParameterDefinition): asserts value is string {
  if (typeof value !== 'string') throw new OAuthError('invalid_request', `Parameter '${name}' must be text.`);
  if (value.length <= maxLength) return;
  const description = `Parameter '${name}' has ${value.length} characters; at most ${maxLength} are read.`;
  throw new OAuthError('invalid_request', description);
}
