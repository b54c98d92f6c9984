import { show } from '../options/shown-value.js';

/** A part of an issuer's URL as it was given to a preset; throws a TypeError where it does not have its shape, since a wrong one would fit no token. */
export function checkedText(where: string, value: unknown, shape: RegExp, right: string): string {
  if (typeof value === 'string' && shape.test(value)) return value;
  throw new TypeError(`${where}: ${show(value)} was given; give ${right}.`);
}

/** A host without scheme, path and slash. */
export const hostShape = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i;
