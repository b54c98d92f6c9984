import type { Docstrings } from './docstrings.js';
import { ownDescriptions, sharedDescriptions } from './own-descriptions.js';
import type { JsonSchema } from './json-schema.js';

/** Puts the description first in each property. */
export function describe(name: string, schema: JsonSchema, docs: Docstrings): JsonSchema {
  const properties = Object.entries(schema.properties ?? {}).map(([property, own]) => {
    const key = `${name}.${property}`;
    const description = ownDescriptions[key] ?? docs.get(key) ?? sharedDescriptions[property];
    return [property, description ? { description, ...own } : own] as const;
  });
  return { ...schema, properties: Object.fromEntries(properties) };
}
