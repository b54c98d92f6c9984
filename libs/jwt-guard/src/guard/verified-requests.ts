import type { VerifiedAccess } from '../token/verified-access.js';

/**
 * Where a carrier holds what was verified: a name that nothing outside of this file has, so that nothing but a verification can put
 * access there. (A WeakMap would do the same at eight times the cost for each request.)
 */
const verified = Symbol('verified access');

interface Carrier {
  [verified]?: VerifiedAccess;
}

export function rememberAccess(carrier: object, access: VerifiedAccess): void {
  (carrier as Carrier)[verified] = access;
}

/** What the token of a call grants, by the object that carries the call; undefined where none was verified. */
export function accessOfCarrier(carrier: object): VerifiedAccess | undefined {
  return (carrier as Carrier)[verified];
}
