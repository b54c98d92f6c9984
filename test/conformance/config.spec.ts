import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { JWK } from 'jose';
import type { Answer } from '../requests.js';
import { claimsOfScope, Provider } from './provider.js';

const wellKnown = '.well-known/openid-configuration';

describe('Config OP (oidcc-config-certification-test-plan): oidcc-discovery-endpoint-verification', () => {
  let provider: Provider;
  let answer: Answer;
  beforeAll(async () => {
    provider = await Provider.start();
    answer = await provider.server.send(wellKnown);
  });
  afterAll(() => provider.close());

  test('the metadata is JSON (Discovery §4.2)', () => {
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  });

  test('issuer is the https URL under which the metadata was asked for, without query and fragment (Discovery §3, §4.3)', () => {
    expect(answer.body.issuer).toBe(provider.server.url);
    const { protocol, search, hash } = new URL(answer.body.issuer as string);
    expect([protocol, search, hash]).toEqual(['https:', '', '']);
  });

  test('every endpoint is an https URL (Discovery §3)', () => {
    const urls = Object.entries<unknown>(answer.body).filter(([name]) => /_(?:endpoint|uri|iframe)$/.test(name));
    const names = urls.map(([name]) => name);
    expect(names).toEqual(expect.arrayContaining(['authorization_endpoint', 'token_endpoint', 'userinfo_endpoint']));
    for (const [name, url] of urls) expect([name, new URL(url as string).protocol]).toEqual([name, 'https:']);
  });

  test('what is required is there (Discovery §3)', () => {
    expect(answer.body).toMatchObject({
      jwks_uri: expect.any(String),
      response_types_supported: expect.any(Array),
      subject_types_supported: expect.any(Array),
      id_token_signing_alg_values_supported: expect.any(Array),
    });
  });

  test('nothing that is said is an empty list (Discovery §4.2)', () => {
    expect(Object.entries(answer.body).filter(([, value]) => Array.isArray(value) && value.length === 0)).toEqual([]);
  });

  test('response_types_supported has all that the clients may use, in words that are sorted (Discovery §3, Core §3)', () => {
    expect(answer.body.response_types_supported.toSorted()).toEqual([
      'code',
      'code id_token',
      'code id_token token',
      'code token',
      'id_token',
      'id_token token',
      'token',
    ]);
  });

  test('response_modes_supported has query, fragment and form_post (Discovery §3), bare and in a JWT (JARM §2.3)', () => {
    const plain = ['query', 'fragment', 'form_post'];
    const modes = [...plain, ...plain.map((mode) => `${mode}.jwt`), 'jwt'];
    expect(answer.body.response_modes_supported).toEqual(modes);
  });

  test('grant_types_supported has authorization_code and implicit (Discovery §3)', () => {
    expect(answer.body.grant_types_supported).toEqual(expect.arrayContaining(['authorization_code', 'implicit']));
  });

  test('subject_types_supported has public, and pairwise only where a client has it (Discovery §3, Core §8)', () => {
    expect(answer.body.subject_types_supported).toEqual(['public']);
  });

  test('id_token_signing_alg_values_supported has RS256 (Discovery §3)', () => {
    expect(answer.body.id_token_signing_alg_values_supported).toContain('RS256');
  });

  test('userinfo_signing_alg_values_supported names algorithms, where userinfo can be signed (Discovery §3)', () => {
    expect(answer.body.userinfo_signing_alg_values_supported).toEqual(['RS256']);
  });

  test('token_endpoint_auth_methods_supported has the ways of the plans (Discovery §3)', () => {
    const methods = ['client_secret_basic', 'client_secret_post'];
    expect(answer.body.token_endpoint_auth_methods_supported).toEqual(expect.arrayContaining(methods));
  });

  test('scopes_supported has openid, the scopes of Core §5.4 and offline_access, in the characters of RFC 6749 §3.3', () => {
    const scopes = answer.body.scopes_supported as string[];
    const standard = ['openid', 'profile', 'email', 'address', 'phone', 'offline_access'];
    expect(scopes).toEqual(expect.arrayContaining(standard));
    for (const scope of scopes) expect(scope).toMatch(/^[\x21\x23-\x5B\x5D-\x7E]+$/);
  });

  test('claims_supported has every claim that userinfo can tell (Discovery §3)', () => {
    const claims = ['sub', ...Object.values(claimsOfScope).flat()];
    expect(answer.body.claims_supported).toEqual(expect.arrayContaining(claims));
  });

  test('claims_parameter_supported is true (Discovery §3, Core §5.5)', () => {
    expect(answer.body.claims_parameter_supported).toBe(true);
  });

  test('request objects are not claimed: request_uri, whose default is true, is denied (Discovery §3)', () => {
    // The default of request_parameter_supported is false.
    expect(answer.body.request_parameter_supported ?? false).toBe(false);
    expect(answer.body.request_uri_parameter_supported).toBe(false);
    expect(answer.body).not.toHaveProperty('request_object_signing_alg_values_supported');
  });

  test('code_challenge_methods_supported is a list with S256 (RFC 8414 §2, RFC 7636 §4.3)', () => {
    expect(answer.body.code_challenge_methods_supported).toEqual(['S256']);
  });

  test('there is no registration_endpoint, since nobody registers here (Discovery §3)', () => {
    expect(answer.body).not.toHaveProperty('registration_endpoint');
  });

  test('authorization_response_iss_parameter_supported is true (RFC 9207 §3)', () => {
    expect(answer.body.authorization_response_iss_parameter_supported).toBe(true);
  });

  describe('the key set', () => {
    let keys: readonly JWK[];
    beforeAll(() => void (keys = provider.keys.keys));

    test('is JSON, has keys, and an RS256 key among them (RFC 7517 §5, Core §10.1)', async () => {
      const { status, headers } = await provider.server.send(new URL(answer.body.jwks_uri as string).pathname.slice(1));
      expect(status).toBe(200);
      expect(headers.get('content-type')).toMatch(/^application\/(?:jwk-set\+)?json/);
      expect(keys.filter(({ kty, alg, use }) => kty === 'RSA' && alg === 'RS256' && use === 'sig')).not.toEqual([]);
    });

    test('has no private and no symmetric key (RFC 7518 §6.3.2, §6.4)', () => {
      const secret = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
      expect(keys.flatMap((key) => Object.keys(key)).filter((name) => secret.includes(name))).toEqual([]);
    });

    test('tells its keys apart by kid (RFC 7517 §4.5, Core §10.1)', () => {
      const kids = keys.map(({ kid }) => kid);
      for (const kid of kids) expect(kid).toEqual(expect.stringMatching(/./));
      expect(new Set(kids).size).toBe(kids.length);
    });

    test('is written in base64url without padding, with RSA keys of 2048 bits at least (RFC 7518 §2, §3.3)', () => {
      for (const { n, e } of keys.filter(({ kty }) => kty === 'RSA')) {
        for (const value of [n, e]) expect(value).toMatch(/^[A-Za-z0-9_-]+$/);
        expect(Buffer.from(n!, 'base64url').length * 8).toBeGreaterThanOrEqual(2048);
      }
    });
  });
});
