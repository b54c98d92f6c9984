import { plainText } from '../terminal/plain-text.js';
import { shortenTokens } from './shorten.js';

/** JSON for a reader: tokens shortened, a list of plain values on one line. */
export function prettyJson(value: unknown, indent = ''): string {
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item !== 'object' || item === null)) {
      return `[${value.map((item) => prettyJson(item)).join(', ')}]`;
    }
    return block(
      '[',
      value.map((item) => deeper + prettyJson(item, deeper)),
      `${indent}]`,
    );
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([name, item]) => `${deeper}${say(name)}: ${prettyJson(item, deeper)}`);
    return block('{', members, `${indent}}`);
  }
  return say(typeof value === 'string' ? shortenTokens(value) : value);
}

function block(open: string, lines: readonly string[], close: string): string {
  return lines.length === 0 ? open + close.trim() : `${open}\n${lines.join(',\n')}\n${close}`;
}

function say(value: unknown): string {
  return plainText(JSON.stringify(value) ?? 'undefined');
}
