import { expect } from '@jest/globals';
import type { Answer } from '../requests.js';
import type { Shown } from '../plain-browser.js';
import { clientsOf, type FapiClient } from './fapi-client.js';
import type { FapiProvider, FapiVariant } from './fapi-provider.js';

/** What the modules of a plan run with. The server is not there yet while tests are declared. */
export interface FapiPlan {
  readonly variant: FapiVariant;
  readonly provider: () => FapiProvider;
  /** The client that most modules use. */
  readonly first: () => FapiClient;
  readonly second: () => FapiClient;
}

export function fapiPlan(variant: FapiVariant, provider: () => FapiProvider, signs = false): FapiPlan {
  const client = (which: 0 | 1) => () => clientsOf(provider(), variant, signs)[which];
  return { variant, provider, first: client(0), second: client(1) };
}

/** A refusal of an endpoint that clients call themselves (RFC 6749 §5.2): JSON, and nothing in it but these members and characters. */
export function expectError({ status, headers, body }: Answer, ...errors: string[]): void {
  expect(errors).toContain(body.error);
  expect(status).toBe(body.error === 'invalid_client' ? 401 : 400);
  expect(headers.get('content-type')).toMatch(/^application\/json/);
  expect(body).toEqual({
    error: expect.anything(),
    error_description: expect.stringMatching(/^[\x20-\x21\x23-\x5B\x5D-\x7E]+$/),
  });
}

/** A page of the server that names the error: nobody has been sent anywhere. */
export function expectErrorPage({ url, status, text }: Shown, provider: FapiProvider, error: string): void {
  expect([url.origin, status]).toEqual([provider.metadata.issuer, 400]);
  expect(text).toContain(error);
}
