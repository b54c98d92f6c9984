import { describe, expect, test } from '@jest/globals';
import { PlainBrowser } from '../plain-browser.js';
import { confirmationOf, type FapiClient } from './fapi-client.js';
import type { FapiPlan } from './fapi-plan.js';
import { callback, claimsOfScope } from './provider.js';
import { responseIn } from './relying-party.js';

/** The modules in which everything goes well, or the person says no. In brackets: FAPI 2.0 Security Profile where nothing else is said; and the module. */
export function flowRules({ provider, variant, first, second }: FapiPlan): void {
  const confirmation = (client: FapiClient) =>
    variant.binding === 'dpop'
      ? { jkt: client.holder.thumbprint }
      : { 'x5t#S256': client.credentials.certificate.thumbprint };

  /** One whole flow, and whatever the suite looks at on the way. */
  async function complete(client: FapiClient, changes: Record<string, string> = {}) {
    const request = client.request(changes);
    const pushed = await client.push(request);
    expect([pushed.status, pushed.headers.get('content-type')]).toEqual([201, expect.stringMatching(/^application\/json/)]); // prettier-ignore
    expect(pushed.body).toEqual({
      request_uri: expect.stringMatching(/^urn:ietf:params:oauth:request_uri:[\w-]{22,}$/),
      expires_in: expect.any(Number),
    });
    const answer = await client.answer(await client.sendOn(pushed));
    const tokens = await client.redeem(answer.code, { redirect_uri: request.redirect_uri });
    expect([tokens.status, tokens.headers.get('cache-control')]).toEqual([200, 'no-store']);
    return { request, pushed, answer, tokens: tokens.body };
  }

  describe('happy flow (happy-flow)', () => {
    test('a pushed request leads to a code, with state and iss (§5.3.2.2-1, -2, -7), and that to a token bound to the key of the client (§5.3.2.1-4)', async () => {
      const client = first();
      const { request, answer, tokens } = await complete(client);
      expect(answer).toMatchObject({ state: request.state, iss: provider().metadata.issuer });
      expect(tokens).toMatchObject({ token_type: variant.binding === 'dpop' ? 'DPoP' : 'Bearer', scope: 'openid' });
      expect(tokens.expires_in).toBeGreaterThan(0);
      expect(confirmationOf(tokens.access_token)).toEqual(confirmation(client));
      const { status, headers } = await client.resource(tokens.access_token);
      expect([status, headers.has('date')]).toEqual([200, true]);
    });

    test('a second client gets tokens of its own: state of 128 characters, nonce of 43, a redirect_uri with a query', async () => {
      const client = second();
      const { request, answer, tokens } = await complete(client, {
        state: 's'.repeat(128),
        nonce: 'n'.repeat(43),
        redirect_uri: `${callback}?dummy1=lorem&dummy2=ipsum`,
        ...(variant.binding === 'dpop' && { dpop_jkt: client.holder.thumbprint }),
      });
      expect(answer.state).toBe(request.state);
      expect(confirmationOf(tokens.access_token)).toEqual(confirmation(client));
    });

    test('a redirect_uri with a query keeps it (RFC 6749 §3.1.2)', async () => {
      const pushed = await first().push(first().request({ redirect_uri: `${callback}?dummy1=lorem&dummy2=ipsum` }));
      const { url } = await first().sendOn(pushed);
      expect([url.searchParams.get('dummy1'), url.searchParams.get('dummy2')]).toEqual(['lorem', 'ipsum']);
    });

    test('the id_token is signed by PS256, ES256 or EdDSA (§5.4.1-1), by a key that has a kid, and says what was asked for and no more', async () => {
      const { request, tokens } = await complete(first());
      const { payload, protectedHeader } = await provider().verify(tokens.id_token, first().clientId);
      expect(protectedHeader.kid).toBeDefined();
      expect(payload).toMatchObject({ sub: '1', nonce: request.nonce, auth_time: expect.any(Number) });
      const told = Object.values(claimsOfScope).flat() as string[];
      expect(Object.keys(payload).filter((name) => told.includes(name))).toEqual([]);
    });

    test('codes, tokens and references have 128 bits and more (§5.4.1-4)', async () => {
      const { pushed, answer, tokens } = await complete(first(), { scope: 'openid offline_access', prompt: 'consent' });
      const references = [pushed.body.request_uri.split(':').at(-1), answer.code, tokens.refresh_token] as string[];
      for (const reference of references) expect(reference).toMatch(/^[\w-]{22,}/);
      expect(new Set(references).size).toBe(3);
      expect(tokens.access_token.length).toBeGreaterThan(22);
    });

    test("the second client's token is of no use with the key of the first (§5.3.4-5)", async () => {
      const { tokens } = await complete(second());
      expect((await first().resource(tokens.access_token)).status).toBe(401);
    });

    test.each(['application/json; charset=utf-8', 'application/json, application/*+json, */*', 'text/html, application/xml, */*'])('the resource is told to whoever accepts %s', async (accept) => {
      const client = first();
      const { access_token } = (await complete(client)).tokens;
      expect((await client.resource(access_token, { headers: { accept } })).status).toBe(200);
    }); // prettier-ignore
  });

  describe('a resource', () => {
    test('takes no token in the query (§5.3.4-2; happy-flow)', async () => {
      const { access_token } = (await complete(first())).tokens;
      const query = new URLSearchParams({ access_token }).toString();
      expect((await provider().server.send(`connect/userinfo?${query}`)).status).not.toBe(200);
    });

    test('takes a token whose scheme is written in other cases (RFC 9110 §11.1; access-token-type-header-case-sensitivity)', async () => {
      const client = first();
      const { access_token } = (await complete(client)).tokens;
      const inverted = variant.binding === 'dpop' ? 'dpOp' : 'bEARER';
      expect((await client.resource(access_token, {}, inverted)).status).toBe(200);
    });
  });

  describe('a request', () => {
    test('that the person denies is answered with access_denied, state and iss (RFC 6749 §4.1.2.1; user-rejects-authentication)', async () => {
      const client = first();
      const request = client.request({ prompt: 'consent' });
      const browser = await provider().signedIn();
      const page = await client.open(browser, await client.push(request));
      const answer = await client.answer(await browser.submit(page, { decision: 'deny' }));
      const said = { error: 'access_denied', state: request.state, iss: provider().metadata.issuer };
      expect(answer).toMatchObject(said);
      expect(answer).not.toHaveProperty('code');
    });

    test('without state is answered without (RFC 6749 §4.1.2; ensure-authorization-request-without-state-success)', async () => {
      const answer = await first().authorize({ state: undefined });
      expect(answer).toHaveProperty('code');
      expect(answer).not.toHaveProperty('state');
    });

    test('without nonce gets an id_token without (OpenID Connect Core §3.1.2.1; ensure-authorization-request-without-nonce-success)', async () => {
      const { body } = await first().tokens({ nonce: undefined });
      const { payload } = await provider().verify(body.id_token, first().clientId);
      expect(payload).not.toHaveProperty('nonce');
    });

    test.each([
      ['of 64 characters', 'ensure-authorization-request-with-64-char-nonce-success', 64],
      ['of 384 characters', 'ensure-authorization-request-with-long-nonce', 384],
    ])('with a nonce %s gets it back (§5.3.2.2-14; %s)', async (_length, _module, length) => {
      const nonce = 'n'.repeat(length);
      const { body } = await first().tokens({ nonce });
      expect((await provider().verify(body.id_token, first().clientId)).payload.nonce).toBe(nonce);
    });

    test('with a state of 1,300 characters gets it back (§5.3.2.2 Note 4; ensure-authorization-request-with-long-state)', async () => {
      const state = 's'.repeat(1300);
      expect(await first().authorize({ state })).toMatchObject({ state, code: expect.any(String) });
    });

    test('may name its scopes in any order (RFC 6749 §3.3; ensure-other-scope-order-succeeds)', async () => {
      const { body } = await first().tokens({ scope: 'email openid' });
      expect(body.scope.split(' ').toSorted()).toEqual(['email', 'openid']);
    });

    test('may ask for claims one by one, and unknown ones are passed over (OpenID Connect Core §5.5; test-claims-parameter-identity-claims)', async () => {
      const asked = { name: null, email: { essential: true }, nonsense: { essential: false } };
      const client = first();
      const { body } = await client.tokens({ claims: JSON.stringify({ id_token: asked, userinfo: asked }) });
      const { payload } = await provider().verify(body.id_token, client.clientId);
      const { body: userinfo } = await client.resource(body.access_token);
      for (const told of [payload, userinfo]) {
        expect(told).toMatchObject({ sub: '1', name: 'Alice Beatrice Smith', email: 'alice@example.com' });
        expect(told).not.toHaveProperty('nonsense');
      }
    });

    test.each([
      ['nonce', 'ensure-different-nonce-inside-and-outside-request-object'],
      ['state', 'ensure-different-state-inside-and-outside-request-object'],
    ])('counts as it was pushed, and not by the %s that the browser brings (RFC 9126 §4; %s)', async (name) => {
      const client = first();
      const request = client.request();
      const pushed = await client.push(request);
      const answer = await client.answer(await client.sendOn(pushed, { [name]: 'another' }));
      const { body } = await client.redeem(answer.code);
      const { payload } = await provider().verify(body.id_token, client.clientId);
      expect([answer.state, payload.nonce]).toEqual([request.state, request.nonce]);
    });

    test('whose state only the browser brings has none (RFC 9126 §4; state-only-outside-request-object-not-used)', async () => {
      const client = first();
      const pushed = await client.push(client.request({ state: undefined }));
      const answer = await client.answer(await client.sendOn(pushed, { state: 'outside' }));
      expect(answer).toHaveProperty('code');
      expect(answer).not.toHaveProperty('state');
    });
  });

  describe('the browser', () => {
    test('is redirected by 303, with a password in its form and without (§5.3.2.2-10, -11)', async () => {
      const client = first();
      const browser = new PlainBrowser(provider().server);
      const pushed = await client.push(client.request());
      const address = `/connect/authorize?${new URLSearchParams({ client_id: client.clientId, request_uri: pushed.body.request_uri }).toString()}`; // prettier-ignore
      expect((await browser.fetch(address, {}, 'cross')).status).toBe(303);
      const page = await browser.open(address, {}, 'cross');
      const body = new URLSearchParams({ username: 'alice', password: 'alice', action: 'signIn' });
      for (const [name, value] of hiddenFields(page.html)) body.set(name, value);
      const signedIn = await browser.fetch(page.url, { method: 'POST', body });
      expect(signedIn.status).toBe(303);
      const back = await browser.fetch(signedIn.headers.get('location')!);
      expect(back.status).toBe(303);
      expect(responseIn({ url: new URL(back.headers.get('location')!) } as never).place).toBe('query');
    });

    test('may read nothing of the authorize endpoint from another origin: no CORS there (§5.2.3-3)', async () => {
      for (const method of ['GET', 'OPTIONS']) {
        const headers = { origin: 'https://suite.example', 'access-control-request-method': 'GET' };
        const answer = await provider().server.send('connect/authorize', { method, headers });
        expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      }
    });
  });
}

function hiddenFields(html: string): [string, string][] {
  const inputs = html.match(/<input[^>]*type="hidden"[^>]*>/g) ?? [];
  return inputs.map((input) => [/name="([^"]*)"/.exec(input)![1]!, /value="([^"]*)"/.exec(input)![1]!]);
}
