import type { DetailSchema } from '@tessera/resource-model';

/**
 * The same schema, in which objects have no members but those that it names (RFC 9396 §5: unknown ones are refused), unless it says itself what else they may have.
 * Closed are the objects that members are, and those in lists, at any depth; a schema that another one is composed of stays open itself, for it knows only its part.
 */
export function closed(schema: DetailSchema): DetailSchema {
  return { ...inside(schema), ...(mayBeObject(schema) && !saysMore(schema) && { unevaluatedProperties: false }) };
}

/** What stands for values of their own. */
const values = [
  'items',
  'additionalItems',
  'contains',
  'additionalProperties',
  'unevaluatedProperties',
  'unevaluatedItems',
];
const namedValues = ['properties', 'patternProperties'];
/** What says more of the same value. */
const parts = ['allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else'];
const namedParts = ['$defs', 'definitions', 'dependentSchemas'];

/** Closes what stands below a schema, and leaves the schema as it is. */
function inside(schema: DetailSchema): DetailSchema {
  const entries = Object.entries(schema).map(([keyword, own]): [string, unknown] => {
    if (values.includes(keyword)) return [keyword, each(own, closed)];
    if (namedValues.includes(keyword)) return [keyword, inEach(own, closed)];
    if (parts.includes(keyword)) return [keyword, each(own, inside)];
    return [keyword, namedParts.includes(keyword) ? inEach(own, inside) : own];
  });
  return Object.fromEntries(entries);
}

type Change = (schema: DetailSchema) => DetailSchema;

function each(value: unknown, change: Change): unknown {
  if (Array.isArray(value)) return value.map((own) => each(own, change));
  return isSchema(value) ? change(value) : value;
}

function inEach(named: unknown, change: Change): unknown {
  if (!isSchema(named)) return named;
  return Object.fromEntries(Object.entries(named).map(([name, own]) => [name, each(own, change)]));
}

function mayBeObject({ type }: DetailSchema): boolean {
  return type === undefined || [type].flat().includes('object');
}

function saysMore(schema: DetailSchema): boolean {
  return 'additionalProperties' in schema || 'unevaluatedProperties' in schema;
}

function isSchema(value: unknown): value is DetailSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
