import { expect } from '@jest/globals';
import type { AuthorizationResponse, ClientKind, Parameters, RelyingParty, Variant } from './relying-party.js';

/** A client of the plan's variant; without a name the one that most modules use. */
export type Party = (kind?: ClientKind, redirectUri?: string) => RelyingParty;

/** Where the answer to a request of this kind stands (OAuth 2.0 Multiple Response Types §5, Form Post Response Mode §2). */
export function placeOf({ responseType, responseMode }: Variant): AuthorizationResponse['place'] {
  if (responseMode === 'form_post') return 'body';
  return responseType === 'code' ? 'query' : 'fragment';
}

/** What every error of the authorize endpoint must be (OpenID Connect Core §3.1.2.6, RFC 6749 §4.1.2.1, RFC 9207 §2). */
export function expectRefusal(
  { provider, variant }: Pick<RelyingParty, 'provider' | 'variant'>,
  request: Parameters,
  { place, parameters }: AuthorizationResponse,
  error: string,
): void {
  expect(place).toBe(placeOf(variant));
  expect(parameters).toEqual({
    error,
    // RFC 6749 §4.1.2.1: these characters, and with them no line break and no tabulator.
    error_description: expect.stringMatching(/^[\x20-\x21\x23-\x5B\x5D-\x7E]+$/),
    state: request.state,
    iss: provider.metadata.issuer,
  });
}

/** The standard claims are of these types wherever they stand (OpenID Connect Core §5.1, §5.1.1). */
export function expectStandardTypes(claims: Readonly<Record<string, unknown>>): void {
  const wrong = Object.entries(claims).filter(([name, value]) => !hasStandardType(name, value));
  expect(wrong).toEqual([]);
}

const booleans = ['email_verified', 'phone_number_verified'];
const dates = /^(?:\d{4}|(?:\d{4})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))$/;
const addressMembers = ['formatted', 'street_address', 'locality', 'region', 'postal_code', 'country'];

function hasStandardType(name: string, value: unknown): boolean {
  if (booleans.includes(name)) return typeof value === 'boolean';
  if (name === 'updated_at') return typeof value === 'number' && value > 0 && value < Date.now() / 1000;
  if (name === 'birthdate') return typeof value === 'string' && dates.test(value);
  if (name !== 'address') return typeof value === 'string';
  const isKnown = ([member, text]: [string, unknown]) => addressMembers.includes(member) && typeof text === 'string';
  return typeof value === 'object' && Object.entries(value as object).every(isKnown);
}
