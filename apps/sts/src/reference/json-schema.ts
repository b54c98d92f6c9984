/** A JSON Schema (draft 7, which every editor reads), as far as this file uses it. */
export interface JsonSchema {
  [keyword: string]: unknown;
  type?: string;
  description?: string;
  default?: unknown;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  definitions?: Record<string, JsonSchema>;
}

export const reference = (name: string): JsonSchema => ({ $ref: `#/definitions/${name}` });
export const listOf = (name: string): JsonSchema => ({ type: 'array', items: reference(name) });
