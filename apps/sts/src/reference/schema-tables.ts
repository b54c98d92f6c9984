import type { JsonSchema } from './json-schema.js';

/** A kind of object as a Markdown table: property, what may stand there, default, description. */
export function tableOf({ properties = {}, required = [] }: JsonSchema): string {
  const rows = Object.entries(properties).map(([name, property]) => [
    `\`${name}\``,
    allowed(property),
    defaultOf(property, required.includes(name)),
    property.description ?? '',
  ]);
  return [['Property', 'Type', 'Default', 'Description'], ['---', '---', '---', '---'], ...rows]
    .map((cells) => `| ${cells.map(cell).join(' | ')} |`)
    .join('\n');
}

function cell(text: string): string {
  return text.replace(/\|/g, '\\|');
}

function defaultOf(property: JsonSchema, isRequired: boolean): string {
  if (property.default !== undefined) return `\`${JSON.stringify(property.default)}\``;
  return isRequired ? '**required**' : '';
}

const patterns: Readonly<Record<string, string>> = {
  '^https?://': 'URL, http or https',
  '^https?://[^?#]+$': 'URL',
  '^https?://[^/?#]+$': 'origin',
  '^[^#*]+$': 'URI',
};

function allowed(schema: JsonSchema): string {
  if (typeof schema.$ref === 'string') return linkTo(schema.$ref);
  if (schema.anyOf) return [...new Set(schema.anyOf.map(allowed))].join(' or ');
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (schema.type === 'array') return `list of ${schema.items ? allowed(schema.items) : 'anything'}`;
  if (schema.type === 'integer') return range(schema);
  if (schema.type === 'string') return patterns[String(schema.pattern)] ?? 'text';
  if (schema.type === 'boolean') return '`true`, `false`';
  return schema.type ?? 'anything';
}

function range({ minimum, maximum }: JsonSchema): string {
  const most = typeof maximum === 'number' ? ` to ${maximum}` : '';
  return `whole number from ${Number(minimum)}${most}`;
}

function linkTo(reference: string): string {
  const name = reference.split('/').at(-1) ?? '';
  return `[${name}](#${name.toLowerCase()})`;
}
