import { LoopbackIssuer } from '../loopback-issuer.spec.fixture.js';
import { encodePart, judge, verifierFor } from './verification.spec.fixture.js';

let issuer: LoopbackIssuer;
beforeAll(async () => (issuer = await LoopbackIssuer.start('RS256')));
afterAll(() => issuer.close());

const outcome = (token: string): Promise<string> => judge(verifierFor(issuer), token);

describe('Attacks with another kind of token', () => {
  it('an id_token (typ JWT) is not an access token, nor is a token without typ', async () => {
    for (const typ of ['JWT', 'jwt', undefined, 'logout+jwt', 'at+jwt2', 'x/at+jwt', '']) {
      expect(await outcome(await issuer.token({}, { header: { typ } }))).toBe('token_type_mismatch');
    }
  });

  it('a token bound to a key (cnf) is not accepted as a plain bearer token', async () => {
    for (const cnf of [
      { jkt: 'abc' },
      { 'x5t#S256': 'abc' },
      {},
      null,
      false,
      'jkt',
      { jkt: 7 },
      { jkt: '' },
      { kid: 'abc' },
      { jkt: 'abc', kid: 'abc' },
    ]) {
      expect(await outcome(await issuer.token({ cnf }))).toBe('token_bound');
    }
  });

  it('a critical header that is not understood makes the token invalid', async () => {
    const header = encodePart({ alg: 'RS256', typ: 'at+jwt', kid: 'first', crit: ['exp'], exp: 1 });
    const [, claims, signature] = (await issuer.token()).split('.');
    expect(await outcome(`${header}.${claims}.${signature}`)).toBe('critical_header_unknown');
  });

  it.each([
    '',
    'opaque',
    'a.b',
    'a.b.c',
    'a.b.c.d.e',
    '..',
    'e30.e3A.e30',
    'e30.W10.e30',
    'e30.e30=.e30',
    'e31.e30.e30',
  ])('what is not a JWT (%s) is refused', async (token) => {
    expect(await outcome(token)).toBe('token_malformed');
  });

  it('a header that is no JSON object is refused', async () => {
    const [, claims, signature] = (await issuer.token()).split('.');
    for (const header of ['A'.repeat(64), 'W10', 'bnVsbA', encodePart([{ alg: 'RS256' }])]) {
      expect(await outcome(`${header}.${claims}.${signature}`)).toBe('token_malformed');
    }
  });

  it('a token over the length limit is refused before it is read', async () => {
    expect(await outcome(await issuer.token({ padding: 'x'.repeat(20_000) }))).toBe('token_too_long');
  });
});
