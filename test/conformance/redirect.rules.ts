import { describe, expect, test } from '@jest/globals';
import type { Shown } from '../plain-browser.js';
import { expectRefusal, type Party } from './expectations.js';
import { callback } from './provider.js';

/** The modules about where an answer goes when the request says it wrongly or not at all. */
export function redirectRules(party: Party): void {
  describe('a request', () => {
    test('with a redirect_uri that is not registered gets a page of ours, and no answer (Core §3.1.2.1; oidcc-ensure-registered-redirect-uri)', async () => {
      const request = party().request({ redirect_uri: `${callback}-unregistered` });
      expectPage(party, await party().open(party().browser(), request));
    });

    test('without response_type is refused with invalid_request (RFC 6749 §3.1.1; oidcc-response-type-missing)', async () => {
      const request = party().request({ response_type: undefined });
      const response = await party().authorize(party().browser(), request);
      // Nothing says that the answer belongs into the fragment.
      const { provider, variant } = party();
      expectRefusal({ provider, variant: { ...variant, responseType: 'code' } }, request, response, 'invalid_request');
    });
  });
}

/** A page of the provider that names the parameter: nobody has been sent anywhere. */
export function expectPage(party: Party, { url, status, headers, text }: Shown): void {
  expect([url.origin, status]).toEqual([party().provider.metadata.issuer, 400]);
  expect(headers.get('content-type')).toMatch(/^text\/html/);
  expect(text).toContain('redirect_uri');
}
