import type { SigningAlgorithm } from '@tessera/protocol';

/** What `JwtGuardModule.forRoot()` needs to know. Every length of time is in seconds. */
export interface JwtGuardOptions {
  /**
   * The issuer whose tokens are accepted, letter for letter as it stands in their `iss` claim (a trailing slash counts).
   * An https URL without query and fragment; http only on a loopback host.
   */
  issuer: string;
  /** The name or names of this API. A token is accepted when its `aud` contains one of them. */
  audience: string | readonly string[];
  /** The signature algorithms that are accepted. Default: RS, PS and ES with 256, 384 and 512 bits, and EdDSA. */
  algorithms?: readonly SigningAlgorithm[];
  /** How far the issuer's clock and ours may differ when `exp`, `nbf` and `iat` are read. Seconds, 0 to 300. Default 5. */
  clockTolerance?: number;
  /** Where the issuer's keys are, for an issuer without discovery. Default: the `jwks_uri` of the issuer's metadata. */
  jwksUri?: string;
  /** How long fetched keys are used before they are fetched anew. Seconds, 1 to 86,400. Default 300. */
  cacheLifetime?: number;
  /**
   * How long keys are used beyond `cacheLifetime` while the issuer cannot be reached. Seconds, 0 to 604,800. Default 3,600.
   * Afterwards requests are answered with 503 until the issuer is back.
   */
  staleLifetime?: number;
  /** The shortest time between two fetches that tokens with an unknown `kid` can cause. Seconds, 1 to 3,600. Default 30. */
  refetchCooldown?: number;
  /** How long one fetch from the issuer may take, body included. Seconds, 1 to 60. Default 5. */
  fetchTimeout?: number;
  /** The present time in milliseconds since the epoch; given by tests. Default `Date.now`. */
  clock?: () => number;
}

/** What stands beside the options, because it decides how the module is put together. */
export interface JwtGuardModuleExtras {
  /** Guard every route of the application; `@Public()` opens one. Default true. With false, use `@UseGuards(JwtGuard)`. */
  global?: boolean;
}
