import { contentEncryptions, encryptionAlgorithms } from '@tessera/protocol';
import type { JWK } from 'jose';
import type { JwtGuardOptions } from '../options/jwt-guard.options.js';
import { FakeIssuer, TestIssuer } from '../testing/index.js';
import { judge, verifierFor } from '../token/verification.spec.fixture.js';
import { curveKey, rsaKey } from './api-keys.spec.fixture.js';

const rsa = rsaKey('rsa');
const curve = curveKey('curve');
const issuer = new TestIssuer({ audience: 'api1' });

const verifier = (keys: readonly JWK[], options: Partial<JwtGuardOptions> = {}, more: object = {}) =>
  verifierFor({ url: issuer.issuer }, issuer.guardOptions({ decryption: { keys, ...more }, ...options }));
const seal = (to: JWK, ...more: [options?: Parameters<TestIssuer['encrypt']>[2], token?: string]) =>
  issuer.encrypt(more[1] ?? issuer.token(), to, more[0]);

describe('A token that is encrypted to the API (RFC 7516, RFC 9068 §4)', () => {
  it.each(encryptionAlgorithms.flatMap((alg) => contentEncryptions.map((enc) => [alg, enc] as const)))(
    'is opened by %s and %s',
    async (alg, enc) => {
      const guard = verifier([rsa, curve]);
      const token = await seal(alg.startsWith('RSA') ? rsa : curve, { alg, enc });
      expect(await guard.verify(token)).toMatchObject({ kind: 'jwt', subject: 'alice', clientId: 'test-client' });
    },
  );

  it.each(['P-384', 'P-521', 'X25519'])('is opened by a key of %s (RFC 7518 §4.6, RFC 8037 §3.2)', async (name) => {
    const key = curveKey(undefined, name);
    for (const alg of ['ECDH-ES', 'ECDH-ES+A256KW'] as const) {
      expect(await judge(verifier([curve, key]), await seal(key, { alg }))).toBe('accepted');
    }
  });

  it.each(['JWT', 'jwt', 'at+jwt', 'AT+JWT', 'application/at+jwt', 'application/JWT'])(
    'says that a signed token is inside: cty %s (RFC 7519 §5.2, RFC 7516 §4.1.12)',
    async (cty) => expect(await judge(verifier([rsa]), await seal(rsa, { header: { cty } }))).toBe('accepted'),
  );

  it.each([undefined, '', 'text/plain', 'jose', 7, ['JWT']])(
    'must say that a signed token is inside: cty %p is refused (RFC 7519 §5.2)',
    async (cty) => expect(await judge(verifier([rsa]), await seal(rsa, { header: { cty } }))).toBe('token_not_opened'),
  );

  it('is refused where the API has no key, as ever', async () => {
    const guard = verifierFor({ url: issuer.issuer }, issuer.guardOptions());
    expect(await judge(guard, await seal(rsa))).toBe('token_malformed');
  });

  it('is asked about at introspection where the API has no key but an issuer to ask (RFC 7662)', async () => {
    const asked = await FakeIssuer.start({ audience: 'api1' });
    const introspection = { clientId: 'api1', clientSecret: 'any' };
    const asking = verifierFor(asked, asked.guardOptions({ introspection }));
    const opening = verifierFor(asked, asked.guardOptions({ introspection, decryption: { keys: [rsa] } }));
    const token = await asked.encrypt(asked.token(), rsa);
    expect(await opening.verify(token)).toMatchObject({ kind: 'jwt' });
    // What cannot be opened is nobody's reference token: the issuer does not hear of it.
    expect(await judge(opening, await asked.encrypt(asked.token(), rsaKey('rsa')))).toBe('token_not_opened');
    expect(asked.requestsTo('introspection')).toBe(0);
    expect(await asking.verify(token)).toMatchObject({ kind: 'reference', subject: 'alice' });
    expect(asked.requestsTo('introspection')).toBe(1);
    expect(await opening.verify(asked.referenceToken())).toMatchObject({ kind: 'reference' });
    await asked.close();
  });
});

describe('The token inside', () => {
  it.each(issuer.bad.all().filter(([name]) => name !== 'stolen'))(
    'goes through every check of one that came signed: %s',
    async (_name, make) => {
      const guard = verifier([rsa]);
      const bare = await judge(guard, make());
      expect(bare).not.toBe('accepted');
      expect(await judge(guard, await seal(rsa, {}, make()))).toBe(bare);
    },
  );

  it('is not opened a second time: one layer, and a signed token in it (RFC 7519 §11.2)', async () => {
    const guard = verifier([rsa, curve]);
    expect(await judge(guard, await seal(rsa, {}, await seal(rsa)))).toBe('token_not_opened');
    expect(await judge(guard, await seal(rsa, {}, await seal(curve)))).toBe('token_not_opened');
  });

  it.each(['', 'opaque', '{"sub":"alice"}', 'a.b.c', 'é.é.é'])(
    'is a signed JWT, or nothing was opened: %p (RFC 8725 §3.3)',
    async (content) => expect(await judge(verifier([rsa]), await seal(rsa, {}, content))).toBe('token_not_opened'),
  );

  it('that is bound to a key is no bearer token in an envelope either (RFC 9449 §7.1)', async () => {
    const bound = issuer.dpopHolder().token();
    expect(await judge(verifier([rsa]), await seal(rsa, {}, bound))).toBe('token_bound');
  });
});

describe('The key', () => {
  const other = rsaKey('other');
  const nameless = rsaKey();

  it('is found by kid; a token of another name is not tried with it (RFC 7516 §4.1.6)', async () => {
    const guard = verifier([other, rsa]);
    expect(await judge(guard, await seal(rsa))).toBe('accepted');
    expect(await judge(guard, await seal(other))).toBe('accepted');
    expect(await judge(guard, await seal(rsa, { header: { kid: 'other' } }))).toBe('token_not_opened');
    expect(await judge(guard, await seal(rsa, { header: { kid: 'unknown' } }))).toBe('token_not_opened');
    expect(await judge(guard, await seal(rsa, { header: { kid: 7 } }))).toBe('token_not_opened');
  });

  it('is any that fits where the token names none, or where those that fit have no name', async () => {
    expect(await judge(verifier([curve, other, rsa]), await seal(rsa, { header: { kid: undefined } }))).toBe(
      'accepted',
    );
    const guard = verifier([other, nameless]);
    expect(await judge(guard, await seal(nameless, { header: { kid: 'as the issuer calls it' } }))).toBe('accepted');
    expect(await judge(guard, await seal(nameless, { header: { kid: 'other' } }))).toBe('token_not_opened');
  });

  it('may be one of several under the same name', async () => {
    const twin = rsaKey('rsa');
    const guard = verifier([twin, rsa]);
    for (const key of [rsa, twin]) expect(await judge(guard, await seal(key))).toBe('accepted');
  });

  it('changes without a gap: the new one is added, the issuer is told, the old one goes', async () => {
    const [before, between, after] = [verifier([rsa]), verifier([rsa, other]), verifier([other])];
    const outcomes = async (guard: ReturnType<typeof verifier>) =>
      Promise.all([rsa, other].map(async (key) => judge(guard, await seal(key))));
    expect(await outcomes(before)).toEqual(['accepted', 'token_not_opened']);
    expect(await outcomes(between)).toEqual(['accepted', 'accepted']);
    expect(await outcomes(after)).toEqual(['token_not_opened', 'accepted']);
  });

  it('serves the algorithm that it names and no other (RFC 7517 §4.4)', async () => {
    const guard = verifier([{ ...rsa, alg: 'RSA-OAEP-256', use: 'enc' }]);
    expect(await judge(guard, await seal(rsa, { alg: 'RSA-OAEP-256' }))).toBe('accepted');
    expect(await judge(guard, await seal(rsa, { alg: 'RSA-OAEP' }))).toBe('token_not_opened');
  });
});

describe('The options', () => {
  it('`required` refuses tokens that are only signed (RFC 9068 §4), before anything of them is believed', async () => {
    const guard = verifier([rsa], {}, { required: true });
    expect(await judge(guard, issuer.token())).toBe('token_not_encrypted');
    expect(await judge(guard, issuer.bad.ofOtherIssuer())).toBe('token_not_encrypted');
    expect(await judge(guard, await seal(rsa))).toBe('accepted');
    expect(await judge(verifier([rsa]), issuer.token())).toBe('accepted');
  });

  it('`required` is for JWTs: in a reference token nothing can be read', async () => {
    const asked = await FakeIssuer.start({ audience: 'api1' });
    const introspection = { clientId: 'api1', clientSecret: 'any' };
    const options = asked.guardOptions({ introspection, decryption: { keys: [rsa], required: true } });
    expect(await judge(verifierFor(asked, options), asked.referenceToken())).toBe('accepted');
    expect(await judge(verifierFor(asked, options), asked.token())).toBe('token_not_encrypted');
    await asked.close();
  });

  it('`algorithms` and `contentEncryptions` narrow what is accepted', async () => {
    const guard = verifier([rsa], {}, { algorithms: ['RSA-OAEP-256'], contentEncryptions: ['A256GCM'] });
    expect(await judge(guard, await seal(rsa, { alg: 'RSA-OAEP-256', enc: 'A256GCM' }))).toBe('accepted');
    expect(await judge(guard, await seal(rsa, { alg: 'RSA-OAEP', enc: 'A256GCM' }))).toBe('token_not_opened');
    expect(await judge(guard, await seal(rsa, { alg: 'RSA-OAEP-256', enc: 'A128GCM' }))).toBe('token_not_opened');
  });
});

describe('An encrypted token that was verified before', () => {
  it('is known by what came: the same frozen access, and nothing is opened again', async () => {
    const guard = verifier([rsa]);
    const token = await seal(rsa);
    const access = await guard.verify(token);
    expect(guard.verifyBeforeProof(token)).toBe(access);
    expect(await verifier([rsa], { tokenCache: false }).verify(token)).not.toBe(access);
  });

  it('does not vouch for the signed one inside, nor for another envelope around it', async () => {
    const guard = verifier([rsa], {}, { required: true });
    const inner = issuer.token();
    const token = await seal(rsa, {}, inner);
    const access = await guard.verify(token);
    expect(await judge(guard, inner)).toBe('token_not_encrypted');
    expect(await guard.verify(await seal(rsa, {}, inner))).not.toBe(access);
  });

  it('ends at the exp of the one inside', async () => {
    const passing = new TestIssuer({ audience: 'api1' });
    const guard = verifierFor({ url: passing.issuer }, passing.guardOptions({ decryption: { keys: [rsa] } }));
    const token = await passing.encrypt(passing.token(), rsa);
    expect(await judge(guard, token)).toBe('accepted');
    passing.advance(3_605);
    expect(await judge(guard, token)).toBe('token_expired');
  });
});
