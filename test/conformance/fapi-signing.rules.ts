import { describe, expect, test } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader, UnsecuredJWT } from 'jose';
import type { Answer } from '../requests.js';
import { signingBy } from './fapi-authentication.rules.js';
import type { FapiClient } from './fapi-client.js';
import { expectError, expectErrorPage, type FapiPlan } from './fapi-plan.js';
import { responseIn } from './relying-party.js';

type Claims = Readonly<Record<string, unknown>>;

/** The modules about signed requests (JAR). In brackets: FAPI 2.0 Message Signing where nothing else is said; and the module. */
export function requestObjectRules({ provider, first, second }: FapiPlan): void {
  const now = () => provider().clock.now();
  const issuer = () => provider().metadata.issuer as string;

  async function pushObject(claims: Claims, changes: Parameters<FapiClient['signed']>[1] = {}, client = first()): Promise<Answer> {
    const request = await client.signed({ ...client.request(), ...claims }, changes);
    return client.pushForm({ client_id: client.clientId, request });
  } // prettier-ignore

  describe('a request object', () => {
    test.each<[string, () => Claims]>([
      ['for this server and others (§5.3.1-2; ensure-server-accepts-request-object-with-multiple-aud)', () => ({ aud: [issuer(), 'https://other.example'] })],
      ['that begins in 8 seconds (FAPI 2.0 Security Profile §5.3.2.1-13; ensure-request-object-with-nbf-8-seconds-in-the-future-is-accepted)', () => ({ nbf: now() + 8 })],
      ['that began 59 minutes ago (§5.3.1-3)', () => ({ nbf: now() - 3540, exp: now() + 60 })],
    ])('%s is taken', async (_what, claims) => {
      expect((await pushObject(claims())).status).toBe(201);
    }); // prettier-ignore

    test.each<[string | undefined, string]>([['oauth-authz-req+jwt', '§5.3.1-5'], [undefined, 'RFC 9101 §10.8']])('of typ %s is taken (%s)', async (typ) => {
      expect((await pushObject({}, { header: { typ } })).status).toBe(201);
    }); // prettier-ignore

    test.each<[string, () => Claims]>([
      ['without exp (§5.3.1-4; ensure-request-object-without-exp-fails)', () => ({ exp: undefined })],
      ['without nbf (§5.3.1-3; ensure-request-object-without-nbf-fails)', () => ({ nbf: undefined })],
      ['that has expired (RFC 7519 §4.1.4; ensure-expired-request-object-fails)', () => ({ exp: now() - 300, nbf: now() - 600 })],
      ['for another server (§5.3.1-2; ensure-request-object-with-bad-aud-fails)', () => ({ aud: 'https://other.example' })],
      ['for nobody (§5.3.1-2)', () => ({ aud: undefined })],
      ['that lives for 70 minutes (§5.3.1-4; ensure-request-object-with-exp-over-60-fails)', () => ({ exp: now() + 4200 })],
      ['that began 70 minutes ago (§5.3.1-3; ensure-request-object-with-nbf-over-60-fails)', () => ({ nbf: now() - 4200, exp: now() - 600 })],
      ['that began 70 minutes ago and lives on (§5.3.1-3)', () => ({ nbf: now() - 4200, exp: now() + 60 })],
      ['that begins in more than 60 seconds (FAPI 2.0 Security Profile §5.3.2.1-13)', () => ({ nbf: now() + 61 })],
      ['of another client (RFC 9101 §5)', () => ({ iss: second().clientId })],
      ['that names another client (RFC 9101 §5)', () => ({ client_id: second().clientId })],
      ['with a request_uri in it (RFC 9126 §2.1; par-authorization-request-containing-request_uri)', () => ({ request_uri: 'urn:ietf:params:oauth:request_uri:made-up' })],
    ])('%s is refused', async (_what, claims) => {
      expectError(await pushObject(claims()), 'invalid_request_object');
    }); // prettier-ignore

    test.each<[string, () => Claims]>([
      ['without redirect_uri (FAPI 2.0 Security Profile §5.3.2.2-6; ensure-request-object-without-redirect-uri-fails)', () => ({ redirect_uri: undefined })],
      ['with a redirect_uri that is not registered (RFC 9126 §2.3; ensure-registered-redirect-uri)', () => ({ redirect_uri: 'https://suite.example/other' })],
      ['without proof key (FAPI 2.0 Security Profile §5.3.2.2-5; par-ensure-pkce-required)', () => ({ code_challenge: undefined, code_challenge_method: undefined })],
      ['without response_mode, though answers have to be signed (§5.4.1-1)', () => ({ response_mode: undefined })],
      ['with response_mode query (§5.4.1-1)', () => ({ response_mode: 'query' })],
    ])('%s is refused', async (_what, claims) => {
      expectError(await pushObject(claims()), 'invalid_request', 'invalid_request_object');
    }); // prettier-ignore

    test('signed by the key of another client is refused (RFC 9101 §6.2; ensure-matching-key-in-authorization-request)', async () => {
      expectError(await pushObject({}, { key: second().credentials.key }), 'invalid_request_object');
    });

    test('whose signature was changed is refused (RFC 9101 §6.2; ensure-request-object-with-invalid-signature-fails)', async () => {
      const request = await first().signed(first().request());
      const at = request.lastIndexOf('.') + 1;
      const changed = `${request.slice(0, at)}${request[at] === 'A' ? 'B' : 'A'}${request.slice(at + 1)}`;
      expectError(await first().pushForm({ client_id: first().clientId, request: changed }), 'invalid_request_object');
    });

    test('without signature is refused (FAPI 2.0 Security Profile §5.4.1-1; ensure-request-object-signature-algorithm-is-not-none)', async () => {
      const claims = { iss: first().clientId, aud: issuer(), nbf: now(), exp: now() + 300, ...first().request() };
      const request = new UnsecuredJWT(claims).encode();
      expectError(await first().pushForm({ client_id: first().clientId, request }), 'invalid_request_object');
    });

    test('is wanted: a request that is not signed is refused (§5.3.1-1; ensure-unsigned-request-at-par-endpoint-fails)', async () => {
      expectError(await first().pushForm(first().request()), 'invalid_request');
    });

    test('counts alone: parameters beside it change nothing (RFC 9101 §6.3)', async () => {
      const client = first();
      const request = client.request();
      const pushed = await client.pushForm({ ...request, state: 'beside', request: await client.signed(request) });
      expect((await client.answer(await client.sendOn(pushed))).state).toBe(request.state);
    });

    test('that the browser brings itself is refused: it has to be pushed (FAPI 2.0 Security Profile §5.3.2.2-3)', async () => {
      const client = first();
      const query = new URLSearchParams({ client_id: client.clientId, request: await client.signed(client.request()) });
      const shown = await (await provider().signedIn()).open(`/connect/authorize?${query.toString()}`, {}, 'cross');
      expect(await client.answer(shown)).toMatchObject({ error: 'invalid_request' });
    });
  });
}

/** That of the plan's clients whose key is of RSA signs with RS256. */
export function weakSignatureRules({ second }: FapiPlan): void {
  test('a request object signed with RS256 is refused (FAPI 2.0 Security Profile §5.4.1-1; ensure-signed-request-object-with-RS256-fails)', async () => {
    const client = second();
    const request = await client.signed(client.request(), { key: await signingBy('RS256', client.credentials.key) });
    expectError(await client.pushForm({ client_id: client.clientId, request }), 'invalid_request_object');
  });
}

/** What the suite looks at in every signed answer (JARM). */
export function signedAnswerRules({ provider, first }: FapiPlan): void {
  describe('the answer of the authorize endpoint (§5.4.1-1)', () => {
    const now = () => provider().clock.now();

    async function expectSigned(client: FapiClient, parameters: Readonly<Record<string, string>>): Promise<Claims> {
      expect(Object.keys(parameters)).toEqual(['response']);
      const { payload, protectedHeader } = await provider().verify(parameters.response!, client.clientId);
      expect(['PS256', 'ES256', 'EdDSA']).toContain(protectedHeader.alg);
      expect(protectedHeader.kid).toBeDefined();
      expect(payload).toMatchObject({ iss: provider().metadata.issuer, aud: client.clientId });
      expect(payload.exp).toBeGreaterThan(now());
      expect(payload.exp).toBeLessThanOrEqual(now() + 600);
      return payload;
    }

    test('is one JWT, with iss, aud, exp and a strong signature; nothing stands beside it (JARM §2.1, §2.4)', async () => {
      const client = first();
      const request = client.request();
      const { parameters } = responseIn(await client.sendOn(await client.push(request)));
      const answer = await expectSigned(client, parameters);
      expect(answer).toMatchObject({ code: expect.any(String), state: request.state });
    });

    test('is a JWT where the person says no, too (JARM §2.1; user-rejects-authentication)', async () => {
      const client = first();
      const request = client.request({ prompt: 'consent' });
      const browser = await provider().signedIn();
      const page = await client.open(browser, await client.push(request));
      const { parameters } = responseIn(await browser.submit(page, { decision: 'deny' }));
      expect(await expectSigned(client, parameters)).toMatchObject({ error: 'access_denied', state: request.state });
    });

    test('whose request_uri is used up is a page of ours (RFC 9126 §7.3)', async () => {
      const pushed = await first().push(first().request());
      await first().sendOn(pushed);
      expectErrorPage(await first().sendOn(pushed), provider(), 'invalid_request_uri');
    });
  });
}

/** No module looks at it; the profile asks for it. */
export function signedIntrospectionRules({ provider, first }: FapiPlan): void {
  test('introspection answers with a JWT that is signed and for whoever asked (§5.5.1, RFC 9701 §5)', async () => {
    const client = first();
    const { body: tokens } = await client.tokens();
    const answer = await client.introspect(tokens.access_token);
    expect(answer.headers.get('content-type')).toMatch(/^application\/token-introspection\+jwt/);
    expect(decodeProtectedHeader(answer.body as string)).toMatchObject({
      typ: 'token-introspection+jwt',
      alg: 'PS256',
    });
    const { payload } = await provider().verify(answer.body as string, client.clientId);
    expect(payload).toMatchObject({ iss: provider().metadata.issuer, iat: provider().clock.now() });
    expect(payload.token_introspection).toMatchObject({ active: true, cnf: decodeJwt(tokens.access_token as string).cnf }); // prettier-ignore
  });
}
