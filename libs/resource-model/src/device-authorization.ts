import type { AuthorizationDetail } from './authorization-detail.js';
import type { HandleHash } from './handle.js';
import type { Authentication } from './refresh-token.js';

/** A device that waits until a person has let it in from another one (RFC 8628 §3.1). */
export interface DeviceAuthorization {
  /** Of the device code, which the device alone knows. */
  readonly handleHash: HandleHash;
  /** Of the user code, without the hyphen, in capital letters. */
  readonly userCodeHash: HandleHash;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly resources?: readonly string[];
  /** What exactly is asked for, beside the scopes (RFC 9396): agreed to as it is, or not at all. */
  readonly details?: readonly AuthorizationDetail[];
  /** Seconds since 1970. */
  readonly createdAt: number;
  readonly expiresAt: number;
  /** The seconds that the device has to wait between two polls; grows when it does not. */
  readonly interval: number;
  /** The last poll, in seconds since 1970. */
  readonly polledAt?: number;
  readonly decision?: DeviceDecision;
}

/** What the person said. */
export type DeviceDecision =
  | { readonly allowed: false }
  | {
      readonly allowed: true;
      readonly subject: string;
      readonly authentication: Authentication;
      /** Those of the scopes that the person agreed to. */
      readonly scopes: readonly string[];
    };
