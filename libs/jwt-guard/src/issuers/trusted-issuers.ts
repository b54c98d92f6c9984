import type { TrustedIssuer } from './trusted-issuer.js';

/** Whose tokens this API accepts. */
export abstract class TrustedIssuers {
  /** The issuer of this name, letter for letter (RFC 9068 §4), or undefined where it is not trusted. */
  abstract find(issuer: string): TrustedIssuer | undefined | Promise<TrustedIssuer | undefined>;

  /** Those that are known by now. */
  abstract list(): readonly TrustedIssuer[];

  /** The one that is asked about tokens that are no JWT. */
  abstract readonly ofReferenceTokens: TrustedIssuer | undefined;

  /** Said to a caller whose token is from somebody else. */
  abstract readonly description: string;
}
