import { printable } from '../output/printable.js';
import type { Terminal } from '../terminal.js';
import type { Exchange } from './exchange-log.js';

/** An exchange for people: the request's form, the answer's members. Documents that are only fetched are named and not printed. */
export function describeExchange(
  { method, url, form, status, contentType, body }: Exchange,
  { colors }: Terminal,
): string {
  const sent = Object.entries(form).map(([name, value]) => `  ${name}: ${[value].flat().join(' ')}`);
  const outcome = `${status} ${printable(contentType)}`.trim();
  const isDocument = method === 'GET' && status === 200;
  const answer = isDocument
    ? []
    : JSON.stringify(body, null, 2)
        .split('\n')
        .map((line) => `  ${printable(line)}`);
  return [
    colors.bold(`${method} ${url}`),
    ...sent,
    status < 400 ? colors.green(outcome) : colors.red(outcome),
    ...answer,
    '',
  ].join('\n');
}
