import { PageError } from '../pages/page-error.js';

/**
 * One parameter of a query or a form; undefined where it is absent or empty (RFC 6749 §3.1). Throws a PageError when it was sent
 * more than once: whoever reads the first and whoever reads the last would see two different requests.
 */
export function parameter(source: unknown, name: string): string | undefined {
  if (typeof source !== 'object' || source === null || !Object.hasOwn(source, name)) return undefined;
  const value = (source as Record<string, unknown>)[name];
  if (typeof value === 'string') return value || undefined;
  throw new PageError(400, 'This request cannot be read', `The parameter ${name} was sent more than once.`);
}
