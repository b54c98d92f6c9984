import { constants, createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { CompactEncrypt, type JWK } from 'jose';
import { TestIssuer } from '../testing/index.js';
import { AccessTokenError } from '../token/access-token.error.js';
import { encodePart, judge, verifierFor } from '../token/verification.spec.fixture.js';
import { curveKey, forgedJwe, rsaKey } from './api-keys.spec.fixture.js';

const rsa = rsaKey('rsa');
const curve = curveKey('curve');
const issuer = new TestIssuer({ audience: 'api1' });
const guard = verifierFor({ url: issuer.issuer }, issuer.guardOptions({ decryption: { keys: [rsa, curve] } }));

const outcome = (token: string): Promise<string> => judge(guard, token);
const forged = (header: Record<string, unknown>, content: string | Buffer = issuer.token()): string =>
  forgedJwe(content, rsa, { header });

/** Another character in one part of a token; `at` counts from its end where it is negative. */
function changed(token: string, part: number, at: number): string {
  const parts = token.split('.');
  const text = parts[part]!;
  const index = at < 0 ? text.length + at : at;
  parts[part] = text.slice(0, index) + (text[index] === 'A' ? 'B' : 'A') + text.slice(index + 1);
  return parts.join('.');
}

/** The header of a token with other members; the rest as it was. */
function withHeader(token: string, members: Record<string, unknown>): string {
  const [header, ...rest] = token.split('.');
  const before = JSON.parse(Buffer.from(header!, 'base64url').toString()) as object;
  return [encodePart({ ...before, ...members }), ...rest].join('.');
}

describe('What an attacker does to an encrypted token', () => {
  it('nothing: an envelope made by hand is as good as one of a library', async () => {
    expect(await outcome(forged({}))).toBe('accepted');
  });

  it('alg RSA1_5, which lets whoever may ask often read what was sent to others (RFC 8725 §3.2)', async () => {
    const padding = constants.RSA_PKCS1_PADDING;
    for (const alg of ['RSA1_5', 'RSA-OAEP']) {
      expect(await outcome(forgedJwe(issuer.token(), rsa, { header: { alg }, padding }))).toBe('token_not_opened');
    }
  });

  it('alg dir, with a key that anybody knows (RFC 7518 §4.5)', async () => {
    const contentKey = createHash('sha256').update(rsa.n!).digest();
    for (const enc of ['A256GCM', 'A128CBC-HS256']) {
      const forgery = { header: { alg: 'dir', enc }, contentKey, encryptedKey: Buffer.alloc(0) };
      expect(await outcome(forgedJwe(issuer.token(), rsa, forgery))).toBe('token_not_opened');
    }
  });

  it('a key made of a password, with as many rounds as the sender likes: p2c (RFC 7518 §4.8.1.2)', async () => {
    const token = await new CompactEncrypt(Buffer.from(issuer.token()))
      .setProtectedHeader({ alg: 'PBES2-HS256+A128KW', enc: 'A256GCM', cty: 'JWT' })
      .setKeyManagementParameters({ p2c: 2_000 })
      .encrypt(Buffer.from(rsa.n!));
    const began = performance.now();
    expect(await outcome(token)).toBe('token_not_opened');
    expect(await outcome(withHeader(token, { p2c: 2_000_000_000 }))).toBe('token_not_opened');
    expect(performance.now() - began).toBeLessThan(1_000);
    // Beside another algorithm the member says nothing.
    expect(await outcome(forged({ p2c: 2_000_000_000 }))).toBe('accepted');
  });

  it.each([
    'A128KW',
    'A256GCMKW',
    'RSA-OAEP-512',
    'HPKE-0',
    'none',
    'HS256',
    '',
    7,
    undefined,
    ['RSA-OAEP'],
    '__proto__',
  ])('alg %p, which is not offered (RFC 7516 §5.2)', async (alg) =>
    expect(await outcome(forged({ alg }))).toBe('token_not_opened'),
  );

  it.each(['A192GCM', 'A192CBC-HS384', 'none', '', 7, undefined, ['A256GCM'], 'constructor'])(
    'enc %p, which is not offered (RFC 7516 §5.2)',
    async (enc) => expect(await outcome(forged({ enc }))).toBe('token_not_opened'),
  );

  it('a compressed content, which is never inflated: bomb or not (RFC 8725 §3.6, RFC 7516 §4.1.3)', async () => {
    expect(await outcome(forged({ zip: 'DEF' }, deflateRawSync(issuer.token())))).toBe('token_not_opened');
    const bomb = forged({ zip: 'DEF' }, deflateRawSync(Buffer.alloc(8_000_000, 'a'), { level: 9 }));
    expect(bomb.length).toBeLessThan(16_384);
    expect(await outcome(bomb)).toBe('token_not_opened');
    for (const zip of ['def', '', null, false]) expect(await outcome(forged({ zip }))).toBe('token_not_opened');
  });

  it('an extension that must be understood and is not: crit (RFC 7516 §4.1.13)', async () => {
    for (const crit of [['exp'], ['zip'], [], null, 'exp']) {
      expect(await outcome(forged({ crit, exp: 1 }))).toBe('token_not_opened');
    }
  });

  it('a key or an address that comes along: it is never used (RFC 8725 §3.10, RFC 7516 §4.1.4)', async () => {
    const own = rsaKey('own');
    const along = { jwk: own, jku: 'http://127.0.0.1:9/jwks', x5u: 'http://127.0.0.1:9/x5u', x5c: ['MIIB'] };
    expect(await outcome(forgedJwe(issuer.token(), own, { header: { ...along, kid: undefined } }))).toBe(
      'token_not_opened',
    );
    expect(await outcome(forged(along))).toBe('accepted');
  });

  it('a token for another key under the name of ours (RFC 7516 §5.2, §11.5)', async () => {
    expect(await outcome(forgedJwe(issuer.token(), { ...rsaKey(), kid: 'rsa' }))).toBe('token_not_opened');
    expect(await outcome(await issuer.encrypt(issuer.token(), { ...curveKey(), kid: 'curve' }))).toBe(
      'token_not_opened',
    );
  });

  it('one character of it, in any part, also where the good one is remembered (RFC 7516 §5.2, RFC 7518 §5.2, §5.3)', async () => {
    for (const enc of ['A256GCM', 'A128CBC-HS256'] as const) {
      for (const key of [rsa, curve]) {
        const alg = key === rsa ? 'RSA-OAEP-256' : 'ECDH-ES+A128KW';
        const token = await issuer.encrypt(issuer.token(), key, { alg, enc });
        expect(await outcome(token)).toBe('accepted');
        for (const part of [1, 2, 3, 4]) {
          for (const at of [0, 8, -2]) expect(await outcome(changed(token, part, at))).toBe('token_not_opened');
        }
        expect(await outcome(withHeader(token, { more: 1 }))).toBe('token_not_opened');
        expect(await outcome(token)).toBe('accepted');
      }
    }
  });

  it('the same bytes written in another way (RFC 7515 §2, RFC 4648 §3.5)', async () => {
    const token = forged({});
    const last = token.at(-1)!;
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const twin = token.slice(0, -1) + alphabet[alphabet.indexOf(last) ^ 1]!;
    expect(Buffer.from(twin.split('.')[4]!, 'base64url')).toEqual(Buffer.from(token.split('.')[4]!, 'base64url'));
    for (const text of [twin, `${token}=`, `${token}\n`, token.replace('.', '..')]) {
      expect(await outcome(text)).not.toBe('accepted');
    }
    expect(await outcome(token)).toBe('accepted');
  });

  it('a shorter tag, which is guessed in less time (RFC 7518 §5.3)', async () => {
    const parts = forged({}).split('.');
    for (const length of [0, 4, 12, 15]) {
      const tag = Buffer.from(parts[4]!, 'base64url').subarray(0, length).toString('base64url');
      expect(await outcome([...parts.slice(0, 4), tag].join('.'))).toBe('token_not_opened');
    }
  });

  describe('its ephemeral key (RFC 7518 §4.6.1.1, RFC 8725 §2.5, §3.4)', () => {
    const agreed = (alg: string): Promise<string> =>
      issuer.encrypt(issuer.token(), curve, { alg: alg as 'ECDH-ES', enc: 'A256GCM' });
    const epk = async (token: Promise<string>): Promise<JWK> =>
      (JSON.parse(Buffer.from((await token).split('.')[0]!, 'base64url').toString()) as { epk: JWK }).epk;

    it.each(['ECDH-ES', 'ECDH-ES+A256KW'])(
      '%s: not on the curve, on another one, or none at all: our key must not be multiplied with it',
      async (alg) => {
        const token = await agreed(alg);
        const good = await epk(agreed(alg));
        const points: unknown[] = [
          { ...good, y: good.x },
          { ...good, x: 'AA', y: 'AA' },
          { ...good, y: undefined },
          { ...good, crv: 'P-384' },
          { ...good, kty: 'OKP' },
          curveKey(undefined, 'P-384'),
          curveKey(undefined, 'X25519'),
          { crv: 'P-256' },
          [],
          null,
          'P-256',
          undefined,
        ];
        for (const point of points) expect(await outcome(withHeader(token, { epk: point }))).toBe('token_not_opened');
        expect(await outcome(token)).toBe('accepted');
      },
    );
  });

  it('its length: over the limit nothing is read, let alone decrypted', async () => {
    const long = await issuer.encrypt(issuer.token({ padding: 'x'.repeat(12_000) }), rsa);
    expect(long.length).toBeGreaterThan(16_384);
    expect(await outcome(long)).toBe('token_too_long');
    expect(await outcome(`${'.'.repeat(16_000)}`)).toBe('token_malformed');
  });

  it.each(['a.b.c.d.e', '....', 'e30....', 'eyJ9.e30.e30.e30.e30', 'W10.a.b.c.d', 'bnVsbA.a.b.c.d'])(
    'five parts that are no token: %s',
    async (token) => expect(await outcome(token)).toBe('token_not_opened'),
  );
});

describe('Whoever sends what cannot be opened', () => {
  it('learns nothing of why: one code and one text for everything (RFC 7516 §11.4, §11.5)', async () => {
    const good = forged({});
    const tokens = [
      changed(good, 1, 3),
      changed(good, 2, 3),
      changed(good, 3, 3),
      changed(good, 4, 3),
      withHeader(good, { kid: 'unknown' }),
      forged({ zip: 'DEF' }),
      forged({ crit: ['exp'] }),
      forged({ cty: undefined }),
      forged({ alg: 'RSA1_5' }),
      forged({ enc: 'A128GCM' }),
      forged({}, 'no token'),
      forged({}, good),
      forgedJwe(issuer.token(), { ...rsaKey(), kid: 'rsa' }),
      forgedJwe(issuer.token(), rsa, { contentKey: Buffer.alloc(32), encryptedKey: Buffer.alloc(256) }),
      'a.b.c.d.e',
    ];
    const refusals = await Promise.all(tokens.map((token) => guard.verify(token).catch((error: unknown) => error)));
    const said = refusals.map((error) => {
      expect(error).toBeInstanceOf(AccessTokenError);
      const { code, message, details } = error as AccessTokenError;
      return JSON.stringify({ code, message, details: Object.keys(details) });
    });
    expect([...new Set(said)]).toEqual([
      '{"code":"token_not_opened","message":"The token cannot be opened with the keys of this API.","details":["cause"]}',
    ]);
  });

  it('is not why the application does not know it: the cause says', async () => {
    const causeOf = async (token: string): Promise<string> =>
      guard.verify(token).catch((error: Error) => (error.cause as Error).message) as Promise<string>;
    expect(await causeOf(forged({ zip: 'DEF' }))).toContain('zip');
    expect(await causeOf(forged({ kid: 'unknown' }))).toContain('No key');
    expect(await causeOf(forged({ cty: undefined }))).toContain('cty');
    expect(await causeOf(changed(forged({}), 4, 3))).toContain('decryption');
    expect(await causeOf(forged({}, 'no token'))).toContain('JWS');
  });
});
