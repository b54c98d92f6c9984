import { describe, expect, test } from '@jest/globals';
import { s256, verifier } from './fapi-client.js';
import { expectError, expectErrorPage, type FapiPlan } from './fapi-plan.js';
import { callback } from './provider.js';

/** The modules about pushed requests and proof keys. In brackets: FAPI 2.0 Security Profile where nothing else is said; and the module. */
export function parRules({ provider, first, second }: FapiPlan): void {
  describe('an authorize request', () => {
    test('that was not pushed is refused (§5.3.2.2-3; ensure-unsigned-authorization-request-without-using-par-fails)', async () => {
      const client = first();
      const address = `/connect/authorize?${new URLSearchParams(client.request()).toString()}`;
      const { url } = await (await provider().signedIn()).open(address, {}, 'cross');
      const answer = await client.answer({ url } as never);
      expect(answer).toMatchObject({ error: 'invalid_request', iss: provider().metadata.issuer });
      expect(answer).not.toHaveProperty('code');
    });

    test('needs no more than client_id and request_uri (RFC 9126 §4, RFC 9101 §5; par-without-duplicate-parameters)', async () => {
      const pushed = await first().push(first().request());
      expect(await first().answer(await first().sendOn(pushed))).toHaveProperty('code');
    });
  });

  describe('a request_uri', () => {
    test('lives for less than 600 seconds (§5.3.2.2-12)', async () => {
      const { body } = await first().push(first().request());
      expect(body.expires_in).toBeGreaterThanOrEqual(5);
      expect(body.expires_in).toBeLessThan(600);
    });

    test('that has expired is refused (RFC 9126 §2.2; par-attempt-to-use-expired-request_uri)', async () => {
      const pushed = await first().push(first().request());
      provider().clock.advance(pushed.body.expires_in as number);
      expectErrorPage(await first().sendOn(pushed), provider(), 'invalid_request_uri');
    });

    test('of one client is nothing to another (RFC 9126 §2.2; par-ensure-request-uri-is-bound-to-client)', async () => {
      const pushed = await first().push(first().request());
      expectErrorPage(await second().sendOn(pushed), provider(), 'invalid_request_uri');
    });

    test('may be opened again as long as nobody has come to the end (§5.3.2.2 Note 3; par-ensure-server-accepts-reused-request-uri-before-authentication-completion)', async () => {
      const client = first();
      const pushed = await client.push(client.request({ prompt: 'consent' }));
      const browser = await provider().signedIn();
      await client.open(browser, pushed);
      const again = await client.open(browser, pushed);
      const back = await browser.submit(again, { decision: 'allow' });
      expect(await client.answer(back)).toHaveProperty('code');
    });

    test('is answered once (RFC 9126 §7.3; par-attempt-reuse-request_uri)', async () => {
      const pushed = await first().push(first().request());
      expect(await first().answer(await first().sendOn(pushed))).toHaveProperty('code');
      expectErrorPage(await first().sendOn(pushed), provider(), 'invalid_request_uri');
    });
  });

  describe('the endpoint for pushed requests', () => {
    test('refuses who does not prove to be the client (§5.3.2.2-4)', async () => {
      expectError(await first().push(first().request(), { anonymous: true, certificate: null }), 'invalid_client');
    });

    test('answers other methods than POST with 405 (RFC 9126 §2.3; par-attempt-invalid-http-method)', async () => {
      for (const method of ['PUT', 'GET']) {
        const { status, headers } = await provider().server.send('connect/par', { method });
        expect([status, headers.get('allow')]).toEqual([405, expect.stringContaining('POST')]);
      }
    });

    test('refuses a request_uri (RFC 9126 §2.1; par-authorization-request-containing-request_uri-form-param)', async () => {
      const form = { ...first().request(), request_uri: 'urn:ietf:params:oauth:request_uri:made-up' };
      expectError(await first().pushForm(form), 'invalid_request');
    });

    test('refuses a request without redirect_uri (§5.3.2.2-6; ensure-redirect-uri-in-authorization-request, ensure-request-object-without-redirect-uri-fails)', async () => {
      expectError(await first().push(first().request({ redirect_uri: undefined })), 'invalid_request', 'invalid_request_object'); // prettier-ignore
    });

    test.each(['/unregistered', '?more=1', '#fragment'])(
      'refuses a redirect_uri that is not registered: with %s (RFC 9126 §2.3, RFC 9700 §4.11; ensure-registered-redirect-uri, plain-fapi-tolerate-unregistered-redirect-uri)',
      async (more) => {
        const request = first().request({ redirect_uri: `${callback}${more}` });
        expectError(await first().push(request), 'invalid_request', 'invalid_request_object');
      },
    );

    test.each([
      ['code id_token', 'ensure-response-type-code-idtoken-fails'],
      ['token', 'ensure-response-type-token-fails'],
      ['id_token', '-'],
      ['none', '-'],
    ])('refuses response_type %s (§5.3.2.2-1; %s)', async (type) => {
      expectError(await first().push(first().request({ response_type: type })), 'unsupported_response_type', 'unauthorized_client', 'invalid_request', 'invalid_request_object'); // prettier-ignore
    });

    test('refuses a request without proof key (§5.3.2.2-5; par-ensure-pkce-required)', async () => {
      const bare = { code_challenge: undefined, code_challenge_method: undefined };
      expectError(await first().push(first().request(bare)), 'invalid_request');
    });

    test.each<[string | undefined, string]>([
      ['plain', 'par-ensure-plain-pkce-rejected'],
      [undefined, '-'],
      ['S512', '-'],
    ])('refuses the method %s of proof keys (§5.3.2.2-5, RFC 7636 §4.3; %s)', async (method) => {
      const changes = { code_challenge: verifier, code_challenge_method: method };
      expectError(await first().push(first().request(changes)), 'invalid_request');
    });
  });

  describe('a code', () => {
    test('is not redeemed without the verifier (RFC 7636 §4.6; par-pkce-ensure-code-verifier-required)', async () => {
      const { code } = await first().authorize();
      expectError(await first().redeem(code, { code_verifier: undefined }), 'invalid_grant', 'invalid_request');
    });

    test.each([
      ['another', `${verifier}x`],
      ['the hash in its place', s256(verifier)],
      ['a short one', 'short'],
    ])('is not redeemed with a wrong verifier: %s (RFC 7636 §4.6; par-pkce-incorrect-code-verifier-rejected)', async (_what, wrong) => {
      const { code } = await first().authorize();
      expectError(await first().redeem(code, { code_verifier: wrong }), 'invalid_grant', 'invalid_request');
    }); // prettier-ignore
  });
}
