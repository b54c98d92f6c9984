import type { VerifiedAccess } from '../token/verified-access.js';

/**
 * Where a carrier holds what was verified: a name that nothing outside of this file has, so that nothing but a verification can put
 * access there. (A WeakMap would do the same at eight times the cost for each request.)
 */
const verified = Symbol('verified access');

interface Carrier {
  /** Null where a call was let in without a token. */
  [verified]?: VerifiedAccess | null;
}

export function rememberAnonymous(carrier: object): void {
  (carrier as Carrier)[verified] = null;
}

/** Whether the call was let in without a token, as its route allows. */
export function isAnonymous(carrier: object): boolean {
  return (carrier as Carrier)[verified] === null;
}

export function rememberAccess(carrier: object, access: VerifiedAccess): void {
  (carrier as Carrier)[verified] = access;
}

/** What the token of a call grants, by the object that carries the call; undefined where none was verified. */
export function accessOfCarrier(carrier: object): VerifiedAccess | undefined {
  return (carrier as Carrier)[verified] ?? undefined;
}
