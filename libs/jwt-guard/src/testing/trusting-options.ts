import type { JSONWebKeySet } from 'jose';
import type { JwtGuardOptions } from '../options/jwt-guard.options.js';

/** What a guard is told about the issuer of a test. */
export interface TestTrust {
  readonly issuer: string;
  readonly audience: string | readonly string[];
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Absent where the issuer can be reached: its keys are fetched, and it is asked about reference tokens if the API would. */
  readonly jwks?: JSONWebKeySet;
}

/** The options of an API as far as a test may give or keep them. */
export type OwnOptions = Partial<JwtGuardOptions>;

/**
 * The options of an API with the issuer of a test in the place of those that it trusts; everything else stays. Of a list of
 * issuers the entry of the same name, or else the first, says what is asked of tokens.
 */
export function trustingOptions(own: OwnOptions, trust: TestTrust): JwtGuardOptions {
  const whole = { ...own, ...entryOf(own, trust.issuer) };
  const { issuers, resolveIssuer, jwksUri, internalAddress, introspection, ...kept } = whole;
  const isAsked = introspection !== undefined && trust.jwks === undefined;
  return {
    ...kept,
    jwks: undefined,
    // Where the application names the endpoint of its issuer, the one of this issuer is meant.
    ...(isAsked && { introspection: { ...introspection, endpoint: undefined } }),
    ...trust,
  };
}

/** For whom the tokens must be that an API with these options accepts. */
export function audienceOf(own: OwnOptions, issuer: string): string | readonly string[] | undefined {
  return entryOf(own, issuer)?.audience ?? own.audience;
}

function entryOf({ issuers }: OwnOptions, name: string) {
  return issuers?.find(({ issuer }) => issuer === name) ?? issuers?.[0];
}
