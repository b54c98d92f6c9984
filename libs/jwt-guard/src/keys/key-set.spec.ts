import { exportJWK, generateKeyPair, generateSecret, type JWK } from 'jose';
import { AccessTokenError } from '../token/access-token.error.js';
import { KeySet } from './key-set.js';

async function publicJwk(alg: string, members: Record<string, unknown> = {}): Promise<JWK> {
  const { publicKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(publicKey)), ...members };
}

/** `found`, `none`, or the code of the refusal. */
function search(keys: KeySet, alg: string, kid?: string): string {
  try {
    return keys.find({ alg, kid }) ? 'found' : 'none';
  } catch (error) {
    if (error instanceof AccessTokenError) return error.code;
    throw error;
  }
}

let ec: JWK;
let rsa: JWK;
beforeAll(async () => ([ec, rsa] = await Promise.all([publicJwk('ES256'), publicJwk('RS256')])));

describe('A key is for what it says of itself', () => {
  it.each([
    ['another algorithm', { alg: 'ES384' }],
    ['encryption by use', { use: 'enc' }],
    ['signing alone by key_ops', { key_ops: ['sign'] }],
    ['operations that are no list', { key_ops: 'verify' }],
    ['an operation twice', { key_ops: ['verify', 'verify'] }],
    ['another curve', { crv: 'P-384' }],
    ['another type', { kty: 'RSA' }],
  ])('one that is for %s is not found', async (_, members) => {
    const keys = await KeySet.read({ keys: [{ ...ec, kid: 'k', ...members }] });
    expect(search(keys, 'ES256', 'k')).toBe('none');
  });

  it('RFC 7517 §4.4: an RSA key without alg serves every RSA algorithm, and each is a key of its own', async () => {
    const keys = await KeySet.read({ keys: [{ ...rsa, kid: 'k' }] });
    const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];
    const found = algorithms.map((alg) => keys.find({ alg, kid: 'k' })!);
    expect(found.map((key) => key.algorithm)).toEqual(algorithms);
    expect(found.every((key) => keys.has(key))).toBe(true);
    expect(search(keys, 'ES256', 'k')).toBe('none');
  });

  it('a key with alg serves that one alone', async () => {
    const keys = await KeySet.read({ keys: [{ ...rsa, kid: 'k', alg: 'RS256' }] });
    expect(search(keys, 'RS256', 'k')).toBe('found');
    expect(search(keys, 'PS256', 'k')).toBe('none');
  });

  it.each([undefined, 'EdDSA', 'Ed25519'])(
    'RFC 9864 §2.2: an Ed25519 key with the alg %s serves EdDSA',
    async (alg) => {
      const keys = await KeySet.read({ keys: [await publicJwk('EdDSA', { kid: 'k', alg })] });
      expect(search(keys, 'EdDSA', 'k')).toBe('found');
    },
  );

  it.each(['HS256', 'none', '', 'constructor', '__proto__'])('no key serves %s', async (alg) => {
    const secret = await exportJWK(await generateSecret('HS256', { extractable: true }));
    const keys = await KeySet.read({ keys: [{ ...secret, kid: 'k' }, { ...secret, kid: 'k', alg }, { ...rsa, kid: 'k' }] }); // prettier-ignore
    expect(search(keys, alg, 'k')).toBe('none');
    expect(search(keys, alg)).toBe('none');
  });

  it('a symmetric key is never a public one, whatever alg it claims', async () => {
    const secret = await exportJWK(await generateSecret('HS256', { extractable: true }));
    const keys = await KeySet.read({ keys: [{ ...secret, kid: 'k', alg: 'RS256' }] });
    expect(search(keys, 'RS256', 'k')).toBe('none');
    expect(keys.keyIds).toEqual([]);
  });
});

describe('A key is found by its name', () => {
  it.each(['__proto__', 'constructor', 'toString', '../../etc/passwd', ''])(
    'a kid like %s is a name and nothing more',
    async (kid) => {
      expect(search(await KeySet.read({ keys: [{ ...ec, kid: 'k' }] }), 'ES256', kid)).toBe('none');
      expect(search(await KeySet.read({ keys: [{ ...ec, kid }] }), 'ES256', kid)).toBe('found');
    },
  );

  it('a key without a name, or with one that is not text, is not found by any', async () => {
    const keys = await KeySet.read({ keys: [ec, { ...(await publicJwk('ES256')), kid: 1 }] });
    expect(search(keys, 'ES256', 'undefined')).toBe('none');
    expect(search(keys, 'ES256', '1')).toBe('none');
  });

  it('OpenID Connect Core §10.1: a token without kid needs a set in which one key alone fits', async () => {
    expect(search(await KeySet.read({ keys: [{ ...ec, kid: 'a' }, rsa] }), 'ES256')).toBe('found');
    const other = await publicJwk('ES256', { kid: 'b' });
    expect(search(await KeySet.read({ keys: [{ ...ec, kid: 'a' }, other] }), 'ES256')).toBe('key_ambiguous');
  });

  it('two different keys under one name are ambiguous, and the same key twice is not', async () => {
    const other = await publicJwk('ES256', { kid: 'k' });
    expect(search(await KeySet.read({ keys: [{ ...ec, kid: 'k' }, other] }), 'ES256', 'k')).toBe('key_ambiguous');
    expect(search(await KeySet.read({ keys: [other, { ...other }] }), 'ES256', 'k')).toBe('found');
  });
});

describe('A faulty member', () => {
  it.each([
    ['a point off the curve', async () => ({ ...ec, x: 'AA', y: 'AA' })],
    ['a missing coordinate', async () => ({ ...ec, y: undefined })],
    ['a private key', async () => exportJWK((await generateKeyPair('ES256', { extractable: true })).privateKey)],
  ])('%s is skipped, and a token that names it is told so', async (_, faulty) => {
    const good = await publicJwk('ES256', { kid: 'good' });
    const keys = await KeySet.read({ keys: [{ ...(await faulty()), kid: 'bad' }, good] });
    expect(search(keys, 'ES256', 'good')).toBe('found');
    expect(search(keys, 'ES256')).toBe('found');
    expect(search(keys, 'ES256', 'bad')).toBe('key_unusable');
    expect(keys.keyIds).toEqual(['good']);
  });

  it('RFC 7518 §3.3: RSA below 2048 bits is one, and the reason is said', async () => {
    const { publicKey } = await crypto.subtle.generateKey(
      { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]) },
      true,
      ['sign', 'verify'],
    );
    const keys = await KeySet.read({ keys: [{ ...(await exportJWK(publicKey)), kid: 'weak' }] });
    expect(() => keys.find({ alg: 'RS256', kid: 'weak' })).toThrow('1024 bits');
  });

  it('that is no object at all spoils nothing either', async () => {
    const keys = await KeySet.read({ keys: [null, 1, 'key', [], { ...ec, kid: 'k' }] });
    expect(search(keys, 'ES256', 'k')).toBe('found');
  });
});

describe('A newer set', () => {
  it('keeps the keys whose members did not change, in whatever order they are written', async () => {
    const first = await KeySet.read({ keys: [{ ...rsa, kid: 'k' }] });
    const turned = Object.fromEntries(Object.entries({ ...rsa, kid: 'k' }).reverse());
    const second = await KeySet.read({ keys: [{ ...ec, kid: 'new' }, turned] }, first);
    for (const alg of ['RS256', 'PS512']) {
      expect(second.find({ alg, kid: 'k' })).toBe(first.find({ alg, kid: 'k' }));
    }
  });

  it.each([{ alg: 'ES256' }, { use: 'sig' }, { kid: 'other' }])('has a new key where %j was added', async (change) => {
    const first = await KeySet.read({ keys: [{ ...ec, kid: 'k' }] });
    const second = await KeySet.read({ keys: [{ ...ec, kid: 'k', ...change }] }, first);
    expect(second.has(first.find({ alg: 'ES256' })!)).toBe(false);
  });
});

it('a set of more than 100 keys is refused', async () => {
  const keys = Array.from({ length: 101 }, (_, n) => ({ ...ec, kid: String(n) }));
  await expect(KeySet.read({ keys })).rejects.toThrow('100 are the most');
  expect((await KeySet.read({ keys: keys.slice(1) })).keyIds).toHaveLength(100);
});
