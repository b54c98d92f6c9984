import { Logger } from '@nestjs/common';
import { answer, IntrospectionEndpoint } from '../introspection/introspection-endpoint.spec.fixture.js';
import type { JwtGuardOptions } from '../options/jwt-guard.options.js';
import { TestIssuer } from '../testing/index.js';
import { judge, verifierFor } from './verification.spec.fixture.js';

const url = 'https://id.example.com';
const endpoint = new IntrospectionEndpoint();
beforeAll(() => {
  Logger.overrideLogger(false);
  return endpoint.open();
});
beforeEach(() => endpoint.reset());
afterAll(() => endpoint.close());

function verifier(options: Partial<JwtGuardOptions> = {}) {
  return verifierFor(
    { url },
    {
      introspection: { clientId: 'api1', clientSecret: 'secret', endpoint: endpoint.url },
      jwks: new TestIssuer().jwks(),
      clock: () => endpoint.now * 1000,
      ...options,
    },
  );
}

/** How a token is judged about which the issuer says this. */
async function outcome(members: Record<string, unknown>, options: Partial<JwtGuardOptions> = {}): Promise<string> {
  endpoint.activate('a-reference-token', { aud: 'api1', ...members });
  return judge(verifier(options), 'a-reference-token');
}

describe('What the issuer says about a reference token is held against the rules for a JWT', () => {
  it('a good one grants what the issuer says, frozen', async () => {
    endpoint.activate('a-reference-token', { aud: ['api2', 'api1'], scope: 'read write', client_id: 'web' });
    const access = await verifier().verify('a-reference-token');
    expect(access).toMatchObject({ kind: 'reference', issuer: url, subject: 'alice', clientId: 'web' });
    expect(access.scopes).toEqual(['read', 'write']);
    expect(Object.isFrozen(access.claims)).toBe(true);
  });

  it('audience: for another API, and for none', async () => {
    expect(await outcome({ aud: 'api2' })).toBe('audience_mismatch');
    expect(await outcome({ aud: [] })).toBe('audience_mismatch');
    expect(await outcome({ aud: undefined })).toBe('claim_missing');
    expect(await outcome({ aud: { api1: true } })).toBe('claim_invalid');
  });

  it('issuer: another one, also by a slash alone; none is the one that was asked', async () => {
    for (const iss of ['https://evil.example.com', `${url}/`, null, [url]]) {
      expect(await outcome({ iss })).toBe('issuer_mismatch');
    }
    expect(await outcome({ iss: url })).toBe('accepted');
    expect(await outcome({ iss: undefined })).toBe('accepted');
  });

  it('kind: a refresh token and an id_token are active too, and open nothing (RFC 7662 §2.1)', async () => {
    for (const members of [
      { token_type: 'refresh_token' },
      { token_type: 'Bearer', token_use: 'refresh_token' },
      { token_use: 'id' },
      { token_type: ['Bearer'] },
      { nonce: 'n' },
      { at_hash: 'h' },
    ]) {
      expect(await outcome(members)).toBe('token_type_mismatch');
    }
    for (const token_type of ['Bearer', 'bearer', 'DPoP', 'access_token', undefined]) {
      expect(await outcome({ token_type })).toBe('accepted');
    }
    expect(await outcome({ token_use: 'access_token' })).toBe('accepted');
  });

  it('times: expired, not yet valid, issued in the future, and what is no time', async () => {
    const { now } = endpoint;
    expect(await outcome({ exp: now - 5 })).toBe('token_expired');
    expect(await outcome({ exp: now - 4 })).toBe('accepted');
    expect(await outcome({ nbf: now + 6 })).toBe('token_not_yet_valid');
    expect(await outcome({ iat: now + 6 })).toBe('token_not_yet_valid');
    expect(await outcome({ exp: undefined })).toBe('accepted');
    expect(await outcome({ exp: String(now + 60) })).toBe('claim_invalid');
  });

  it('required claims', async () => {
    const requiredClaims = { tenant: 'a' };
    expect(await outcome({ tenant: 'a' }, { requiredClaims })).toBe('accepted');
    expect(await outcome({ tenant: 'b' }, { requiredClaims })).toBe('claim_invalid');
    expect(await outcome({}, { requiredClaims })).toBe('claim_missing');
  });

  it('subject: the client where no person takes part, and nobody at all', async () => {
    endpoint.activate('a-reference-token', { aud: 'api1', sub: undefined, client_id: 'robot' });
    expect((await verifier().verify('a-reference-token')).subject).toBe('robot');
    expect(await outcome({ sub: undefined })).toBe('claim_missing');
    for (const sub of ['', 7, {}]) expect(await outcome({ sub })).toBe('claim_missing');
  });

  it('binding: bound to a key it is no bearer token, and a binding that nobody can check is not passed over', async () => {
    for (const cnf of [{ jkt: 'abc' }, { 'x5t#S256': 'abc' }, {}, null, { kid: 'x' }]) {
      expect(await outcome({ cnf })).toBe('token_bound');
    }
  });

  it('not active, unknown, and an answer that is none', async () => {
    expect(await judge(verifier(), 'never-issued')).toBe('token_inactive');
    for (const body of [{}, { active: false }, { active: 'true' }, { active: 1 }, []]) {
      endpoint.answers.set('odd', answer(200, body));
      expect(['token_inactive', 'issuer_unavailable']).toContain(await judge(verifier(), 'odd'));
    }
  });

  it('a JWT of another issuer, or one that is forged, is never asked about', async () => {
    const stranger = new TestIssuer({ issuer: 'https://stranger.test' });
    expect(await judge(verifier(), stranger.token())).toBe('issuer_mismatch');
    const issuer = new TestIssuer({ issuer: url });
    expect(await judge(verifier({ jwks: issuer.jwks() }), issuer.bad.tampered())).toBe('signature_invalid');
    expect(endpoint.requests).toHaveLength(0);
  });
});
