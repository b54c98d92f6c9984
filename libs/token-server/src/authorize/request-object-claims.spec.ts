import { describe, expect, it } from '@jest/globals';
import { Client } from '@tessera/resource-model';
import { checkClaims, type Claims } from './request-object-claims.js';

const [issuer, now] = ['https://id.example.com', 2_000_000];
const web = new Client({ clientId: 'web', allowedGrantTypes: ['authorization_code'] });
const bounded = new Client({ ...web, requireRequestObjectBounds: true });
const check = (claims: Claims, client = web) => checkClaims({ client_id: 'web', ...claims }, { client, issuer, now });

describe('Of the claims of a request object', () => {
  it.each<[string, Claims]>([
    ['client_id alone is enough where the client asks for no more', {}],
    ['iss and aud are those of client and server', { iss: 'web', aud: issuer }],
    ['aud may hold others as well (RFC 7519 §4.1.3)', { aud: ['https://other.example', issuer] }],
    ['iat and nbf may be 10 seconds ahead (FAPI 2.0 Security Profile §5.3.2.1)', { iat: now + 10, nbf: now + 10 }],
    ['exp may be an hour after nbf', { nbf: now - 100, exp: now + 3500 }],
    ['jti is text, and has an end', { jti: 'one', exp: now + 1 }],
    ['sub may be somebody else', { sub: 'alice' }],
  ])('%s', (_rule, claims) => {
    expect(() => check(claims)).not.toThrow();
  });

  it.each<[string, Claims]>([
    ['client_id is that of the request (RFC 9101 §5)', { client_id: 'other' }],
    ['client_id is not left out (RFC 9101 §5)', { client_id: undefined }],
    ['iss is the client (OpenID Connect Core §6.1)', { iss: 'other' }],
    ['sub is not the client, or it could be taken for a client assertion (RFC 9101 §10.8)', { sub: 'web' }],
    ['aud is this server (RFC 9101 §4)', { aud: 'https://other.example' }],
    ['aud contains this server (RFC 9101 §4)', { aud: [`${issuer}/`, 'https://other.example'] }],
    ['aud is not left empty (RFC 9101 §4)', { aud: [] }],
    ['there is no request in it (RFC 9101 §4)', { request: 'x.y.z' }],
    ['there is no request_uri in it (RFC 9101 §4)', { request_uri: 'https://web.example' }],
    ['exp is not over (RFC 7519 §4.1.4)', { exp: now }],
    ['nbf has begun (RFC 7519 §4.1.5)', { nbf: now + 61 }],
    ['iat is not in the future (FAPI 2.0 Security Profile §5.3.2.1)', { iat: now + 61 }],
    ['nbf is not older than an hour (FAPI 2.0 Message Signing §5.3.1)', { nbf: now - 3601, exp: now + 1 }],
    ['exp is at most an hour after nbf (FAPI 2.0 Message Signing §5.3.1)', { nbf: now - 10, exp: now + 3591 }],
    ['exp is at most an hour ahead where there is no nbf', { exp: now + 3601 }],
    ['times are numbers (RFC 7519 §2)', { exp: `${now + 60}` }],
    ['times are no objects', { nbf: { $gt: 0 } }],
    ['jti is text (RFC 7519 §4.1.7)', { jti: 7, exp: now + 1 }],
    ['jti has an end', { jti: 'one' }],
  ])('%s', (_rule, claims) => {
    expect(() => check(claims)).toThrow(expect.objectContaining({ code: 'invalid_request_object' }));
  });

  it.each(['aud', 'nbf', 'exp'])(
    '%s is required where the client says so (FAPI 2.0 Message Signing §5.3.1)',
    (name) => {
      const all = { aud: issuer, nbf: now, exp: now + 60 };
      expect(() => check(all, bounded)).not.toThrow();
      expect(() => check({ ...all, [name]: undefined }, bounded)).toThrow(name);
    },
  );
});
