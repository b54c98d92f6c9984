import { nobody } from '../nobody.js';

/** Nothing: what everything else is held against. */
export function protect() {
  return { subject: () => nobody };
}
