import { getMetadataStorage } from 'class-validator';
import { validationMetadatasToSchemas } from 'class-validator-jsonschema';
import { describe } from './descriptions.js';
import type { Docstrings } from './docstrings.js';
import { fileObject } from './file-schema.js';
import { blanks } from './model-classes.js';
import type { JsonSchema } from './json-schema.js';
import { additionalConverters, additions, secretEntry } from './written-forms.js';

/** The schema of the configuration file, made from the rules, defaults and comments of the model's classes. */
export function configurationSchema(docstrings: Docstrings): JsonSchema {
  const generated = validationMetadatasToSchemas({
    classValidatorMetadataStorage: getMetadataStorage(),
    additionalConverters: additionalConverters as never,
  }) as Record<string, JsonSchema>;
  const definitions = Object.fromEntries(
    Object.entries(blanks).map(([name, blank]) => [name, definition(name, generated[name]!, blank, docstrings)]),
  );
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Configuration of the Tessera token server',
    description: 'What STS_CONFIG names: by default sts.yaml.',
    ...describe('File', fileObject(docstrings), docstrings),
    definitions: { ...definitions, Secret: describe('Secret', secretEntry(), docstrings) },
  };
}

function definition(name: string, { properties, required }: JsonSchema, blank: object, docs: Docstrings): JsonSchema {
  const all: Record<string, JsonSchema> = { ...properties, ...additions[name] };
  const defaults = new Map(Object.entries(blank).filter(([, value]) => value !== undefined));
  // It follows from the name.
  const computed = name === 'ApiResource' ? ['scopes'] : [];
  for (const [property, value] of defaults) {
    if (!computed.includes(property)) all[property] = { ...all[property], default: value as unknown };
  }
  const needed = required?.filter((property) => !defaults.has(property)) ?? [];
  return describe(
    name,
    {
      type: 'object',
      description: docs.get(name),
      properties: all,
      ...(needed.length > 0 && { required: needed }),
      additionalProperties: false,
      ...(name === 'User' && { not: { required: ['password', 'passwordHash'] } }),
    },
    docs,
  );
}
