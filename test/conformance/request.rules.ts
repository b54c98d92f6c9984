import { hash, randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { UnsecuredJWT } from 'jose';
import type { PlainBrowser } from '../plain-browser.js';
import { expectRefusal, type Party, placeOf } from './expectations.js';
import { callback } from './provider.js';
import type { Parameters } from './relying-party.js';

/** The modules about what a request may say, and what it must. */
export function requestRules(party: Party, responseType: string): void {
  const has = (part: string) => responseType.split(' ').includes(part);
  let browser: PlainBrowser;
  beforeAll(async () => void (browser = await party().signedIn()));

  describe('a request', () => {
    if (has('id_token')) {
      test('without nonce is refused, since an id_token comes from the authorize endpoint (Core §3.2.2.1, §3.3.2.11; oidcc-ensure-request-without-nonce-fails)', async () => {
        const request = party().request({ nonce: undefined });
        expectRefusal(party(), request, await party().authorize(browser, request), 'invalid_request');
      });
    } else {
      test('without nonce succeeds, and no id_token has one (Core §3.1.2.1; oidcc-ensure-request-without-nonce-succeeds-for-code-flow)', async () => {
        const { idTokens } = await party().complete(browser, { nonce: undefined });
        expect(idTokens.map(({ payload }) => 'nonce' in payload)).toEqual([false]);
      });
    }

    test.each([
      ['an unknown parameter', 'oidcc-ensure-request-with-unknown-parameter-succeeds', { extra: 'foobar' }],
      ['ui_locales', 'oidcc-ui-locales', { ui_locales: 'se' }],
      ['claims_locales', 'oidcc-claims-locales', { claims_locales: 'se' }],
    ])('with %s succeeds (Core §3.1.2.1, §15.1; %s)', async (_name, _module, changes) => {
      const { idTokens } = await party().complete(browser, changes);
      expect(idTokens[0]!.payload.sub).toBe('1');
    });

    test.each(['page', 'popup'])(
      'with display=%s leads to the sign-in page and succeeds (Core §3.1.2.1; oidcc-display-…)',
      async (display) => {
        const { response, idTokens } = await party().complete(party().browser(), { display });
        expect([response.wasAsked, idTokens[0]!.payload.sub]).toEqual([true, '1']);
      },
    );

    test('with acr_values succeeds, and claims no class that was not reached (Core §3.1.2.1, §15.1; oidcc-ensure-request-with-acr-values-succeeds)', async () => {
      const { idTokens } = await party().complete(browser, { acr_values: '1 2' });
      expect(idTokens[0]!.payload.sub).toBe('1');
      for (const { payload } of idTokens) expect(payload).not.toHaveProperty('acr');
    });

    if (has('code')) {
      test('with a proof key succeeds, and the code needs its verifier (RFC 7636 §4.5; oidcc-ensure-request-with-valid-pkce-succeeds)', async () => {
        const verifier = randomBytes(32).toString('base64url');
        const changes = { code_challenge: hash('sha256', verifier, 'base64url'), code_challenge_method: 'S256' };
        const codeOf = async () => (await party().authorize(browser, party().request(changes))).parameters.code!;
        expect((await party().redeem(await codeOf(), { code_verifier: verifier })).body.id_token).toBeDefined();
        expect((await party().redeem(await codeOf())).body.error).toBe('invalid_grant');
      });
    }

    test('that comes as a form succeeds, with the sign-in and without (Core §3.1.2.1; oidcc-ensure-post-request-succeeds)', async () => {
      for (const [somebody, wasAsked] of [[party().browser(), true], [browser, false]] as const) {
        const init = {
          method: 'POST',
          body: new URLSearchParams(party().request()),
          headers: { 'sec-fetch-site': 'cross-site' },
        };
        const page = await somebody.open('connect/authorize', init, 'cross');
        const response = await party().goOn(somebody, page);
        expect(response).toMatchObject({ wasAsked, place: placeOf(party().variant) });
        expect(response.parameters).not.toHaveProperty('error');
      } // prettier-ignore
    });
  });

  describe('a request object, which is not supported,', () => {
    /** The suite sends these four beside it, and everything in it. */
    const beside = (parameters: Parameters): Parameters => {
      const { client_id, redirect_uri, response_type, scope } = parameters;
      return { client_id, redirect_uri, response_type, scope } as Parameters;
    };

    test('is refused as such, not passed over, in the way and with the state that it names (Core §3.1.2.6, §6.1; oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported)', async () => {
      const parameters = party().request();
      const request = { ...beside(parameters), request: new UnsecuredJWT(parameters).encode() };
      expectRefusal(party(), parameters, await party().authorize(browser, request), 'request_not_supported');
    });

    test('is refused by reference as well (Core §6.2; oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported)', async () => {
      const request = { ...party().request(), request_uri: 'https://suite.example/test/a/tessera/requesturi#abc' };
      expectRefusal(party(), request, await party().authorize(browser, request), 'request_uri_not_supported');
    });

    test('leads nobody anywhere by its redirect_uri (Core §3.1.2.6; oidcc-ensure-request-object-with-redirect-uri)', async () => {
      const parameters = party().request();
      const outer = { ...beside(parameters), redirect_uri: `${callback}/other` };
      const page = await party().open(browser, { ...outer, request: new UnsecuredJWT(parameters).encode() });
      expect([page.url.origin, page.status]).toEqual([party().provider.metadata.issuer, 400]);
    });
  });
}
