import { describe, expect, test } from '@jest/globals';
import type { FapiProvider } from './fapi-provider.js';

const strong = ['PS256', 'ES256', 'EdDSA'];
const expectStrong = (algorithms: unknown) =>
  expect(strong.filter((one) => (algorithms as string[]).includes(one))).not.toEqual([]);

/** The module about metadata: discovery-end-point-verification. In brackets: FAPI 2.0 Security Profile where nothing else is said. */
export function discoveryRules(provider: () => FapiProvider, { signs = false } = {}): void {
  describe('the metadata (discovery-end-point-verification)', () => {
    test.each(['openid-configuration', 'oauth-authorization-server'])('are JSON at .well-known/%s, and say whose they are (§5.3.2.1-1)', async (name) => {
      const { status, headers, body } = await provider().server.send(`.well-known/${name}`);
      expect([status, body.issuer]).toEqual([200, provider().server.url]);
      expect(headers.get('content-type')).toMatch(/^application\/json/);
    }); // prettier-ignore

    test('say where to push requests (RFC 9126 §5, §5.3.2.2-2), and whether all must', () => {
      expect(provider().metadata.pushed_authorization_request_endpoint).toMatch(/^https:/);
      expect([undefined, true, false]).toContain(provider().metadata.require_pushed_authorization_requests);
    });

    test('say that every answer names the issuer (§5.3.2.2-7, RFC 9207 §3)', () => {
      expect(provider().metadata.authorization_response_iss_parameter_supported).toBe(true);
    });

    test('have the response type code, and no other where all clients are held to it (§5.3.2.2-1)', () => {
      expect(provider().metadata.response_types_supported).toEqual(['code']);
    });

    test('have S256, and no other method of proof keys (§5.3.2.2-5)', () => {
      expect(provider().metadata.code_challenge_methods_supported).toEqual(['S256']);
    });

    test('have private_key_jwt and tls_client_auth (§5.3.2.1-6), and algorithms that are allowed (§5.4.1-1)', () => {
      const { token_endpoint_auth_methods_supported: methods, ...metadata } = provider().metadata;
      expect(methods).toEqual(expect.arrayContaining(['private_key_jwt', 'tls_client_auth']));
      expectStrong(metadata.token_endpoint_auth_signing_alg_values_supported);
    });

    test('sign id_tokens with algorithms that are allowed (§5.4.1-1)', () => {
      expectStrong(provider().metadata.id_token_signing_alg_values_supported);
      expect(provider().metadata.id_token_signing_alg_values_supported).not.toContain('RS256');
    });

    test('take DPoP proofs with PS256, ES256 and EdDSA (§5.4.1-1)', () => {
      expect(new Set(provider().metadata.dpop_signing_alg_values_supported)).toEqual(new Set(strong));
    });

    test('bind tokens to certificates, at endpoints of their own (RFC 8705 §3.3, §5)', () => {
      expect(provider().metadata.tls_client_certificate_bound_access_tokens).toBe(true);
      const aliases = ['token_endpoint', 'pushed_authorization_request_endpoint', 'userinfo_endpoint'];
      for (const name of aliases) expect(provider().metadata.mtls_endpoint_aliases[name]).toMatch(/^https:/);
    });

    test('have openid, subject types, refresh tokens and a key set (Discovery §3)', () => {
      const { scopes_supported: scopes, ...metadata } = provider().metadata;
      expect(scopes).toEqual(expect.arrayContaining(['openid', 'offline_access']));
      expect(metadata.subject_types_supported).toEqual(['public']);
      expect(metadata.grant_types_supported).toEqual(expect.arrayContaining(['authorization_code', 'refresh_token']));
      expect(metadata.jwks_uri).toMatch(/^https:/);
    });

    if (signs) messageSigningMetadata(provider);
  });

  test('RSA keys have 2048 bits or more, elliptic ones 224 (§5.4.1-2, -3)', () => {
    for (const { kty, n, crv } of provider().keys.keys) {
      if (kty === 'RSA') expect(Buffer.from(n!, 'base64url').length * 8).toBeGreaterThanOrEqual(2048);
      else expect(['P-256', 'P-384', 'P-521', 'Ed25519']).toContain(crv);
    }
  });
}

function messageSigningMetadata(provider: () => FapiProvider): void {
  test('have response_mode jwt, and algorithms that are allowed (JARM §2.3.4, §4)', () => {
    expect(provider().metadata.response_modes_supported).toContain('jwt');
    expectStrong(provider().metadata.authorization_signing_alg_values_supported);
  });

  test('take request objects signed with algorithms that are allowed (§5.4.1-1), and none without signature', () => {
    expectStrong(provider().metadata.request_object_signing_alg_values_supported);
    expect(provider().metadata.request_object_signing_alg_values_supported).not.toContain('none');
  });
}
