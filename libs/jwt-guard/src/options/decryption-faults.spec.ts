import { createPrivateKey, type JsonWebKey } from 'node:crypto';
import { inspect } from 'node:util';
import type { JWK } from 'jose';
import { curveKey, rsaKey } from '../decryption/api-keys.spec.fixture.js';
import { GuardSettings, JwtGuardOptionsError } from './guard-settings.js';
import type { JwtGuardOptions } from './jwt-guard.options.js';

const good = { issuer: 'https://id.example.com', audience: 'api1' };
const rsa = rsaKey('rsa');
const curve = curveKey('curve');
const agreement = curveKey(undefined, 'X25519');

const settings = (decryption: unknown): GuardSettings => new GuardSettings({ ...good, decryption } as JwtGuardOptions);

function faultsOf(decryption: unknown, options: object = {}): readonly string[] {
  try {
    new GuardSettings({ ...good, decryption, ...options } as JwtGuardOptions);
  } catch (error) {
    if (error instanceof JwtGuardOptionsError) return error.faults;
    throw error;
  }
  return [];
}

const without = (jwk: JWK, ...members: string[]): JWK =>
  Object.fromEntries(Object.entries(jwk).filter(([name]) => !members.includes(name)));
const privateRsa = ['d', 'p', 'q', 'dp', 'dq', 'qi'];

describe('Keys that open no token stop the start', () => {
  it.each<[unknown, RegExp]>([
    ['key', /private JWK.*createPrivateKey\(pem\)\.export/],
    [createPrivateKey({ key: rsa as JsonWebKey, format: 'jwk' }), /private JWK/],
    [undefined, /private JWK/],
    [{}, /RSA key, or one of the curves P-256, P-384, P-521, X25519/],
    [{ kty: 'oct', k: 'c2VjcmV0' }, /symmetric/],
    [curveKey(undefined, 'secp256k1'), /RSA key, or one of the curves/],
    [{ ...agreement, crv: 'Ed25519' }, /RSA key, or one of the curves/],
    [without(rsa, ...privateRsa), /public key.*private one/],
    [without(curve, 'd'), /public key.*private one/],
    [{ ...rsa, use: 'sig' }, /use is not 'enc'/],
    [{ ...rsa, use: 7 }, /use is not 'enc'/],
    [{ ...rsa, key_ops: ['sign'] }, /key_ops/],
    [{ ...rsa, key_ops: 'decrypt' }, /key_ops/],
    [{ ...rsa, kid: 7 }, /kid/],
    [{ ...rsa, kid: '' }, /kid/],
    [{ ...rsa, alg: 'RSA1_5' }, /serves none of RSA-OAEP, /],
    [{ ...rsa, alg: 'RS256' }, /serves none of/],
    [{ ...rsa, alg: 'ECDH-ES' }, /serves none of/],
    [{ ...curve, alg: 'RSA-OAEP' }, /serves none of/],
    [without(rsa, 'p', 'q', 'dp', 'dq', 'qi'), /make no private RSA key/],
    [{ ...rsa, n: rsaKey().n }, /make no private RSA key/],
    [{ ...curve, d: 'AA' }, /make no private EC key/],
    [{ ...curve, d: curveKey().d }, /make no private EC key/],
    [{ ...curve, y: curve.x }, /make no private EC key/],
    [{ ...agreement, x: curveKey(undefined, 'X25519').x }, /make no private OKP key/],
    [rsaKey('short', {}, 1024), /1024 bits.*2048/],
  ])('%#, by its index', (key, reason) => {
    const faults = faultsOf({ keys: [rsa, key] });
    expect(faults).toEqual([expect.stringMatching(/^decryption\.keys\[1\]: /)]);
    expect(faults[0]).toMatch(reason);
  });

  it('a key that none of the accepted algorithms is for is of no use', () => {
    const algorithms = ['ECDH-ES'];
    expect(faultsOf({ keys: [curve, rsa], algorithms })).toEqual([
      expect.stringMatching(/^decryption\.keys\[1\]: .*serves none of ECDH-ES\.$/),
    ]);
  });

  it('no key, no list, and more than can be tried', () => {
    for (const keys of [undefined, [], rsa, 'key', Array.from({ length: 9 }, () => curve)]) {
      expect(faultsOf({ keys })).toEqual([expect.stringMatching(/^decryption\.keys: .*list of 1 to 8 private keys/)]);
    }
    expect(faultsOf({ keys: Array.from({ length: 8 }, () => curve) })).toEqual([]);
  });

  it('good ones do not: of every kind, with and without a name and a use', () => {
    const keys = [
      rsa,
      { ...rsa, alg: 'RSA-OAEP', use: 'enc', key_ops: ['decrypt', 'unwrapKey'] },
      ...['P-256', 'P-384', 'P-521', 'X25519'].map((name) => curveKey(undefined, name, { key_ops: ['deriveBits'] })),
    ];
    expect(faultsOf({ keys })).toEqual([]);
  });
});

describe('What stands beside the keys', () => {
  it.each([
    ['algorithms', ['RSA1_5'], /RSA-OAEP, .*RSA1_5, dir .*never accepted/],
    ['algorithms', ['dir'], /never accepted/],
    ['algorithms', ['PBES2-HS256+A128KW'], /never accepted/],
    ['algorithms', [], /give a list/],
    ['contentEncryptions', ['A192GCM'], /A128CBC-HS256, A256CBC-HS512, A128GCM, A256GCM/],
    ['contentEncryptions', 'A256GCM', /give a list/],
    ['required', 'true', /true or false/],
  ])('%s: %j is refused', (name, value, reason) => {
    const faults = faultsOf({ keys: [rsa], [name]: value });
    expect(faults).toEqual([expect.stringMatching(new RegExp(`^decryption\\.${name}: `))]);
    expect(faults[0]).toMatch(reason);
  });

  it('an option that does not exist is told what was meant', () => {
    expect(faultsOf({ keys: [rsa], contentEncryption: ['A256GCM'] })).toEqual([
      "decryption.contentEncryption: there is no such option; did you mean 'contentEncryptions'?",
    ]);
    expect(faultsOf(undefined, { tokenDecryptionKey: rsa })).toEqual([expect.stringContaining("'decryption'")]);
    expect(faultsOf(undefined, { decryptionKey: rsa })).toEqual([expect.stringContaining("'decryption'")]);
  });

  it('the whole of it must be an object, and stands once for all issuers', () => {
    for (const whole of ['key', [rsa], true]) {
      expect(faultsOf(whole)).toEqual([expect.stringMatching(/^decryption: .* was given; give \{ keys \}\./)]);
    }
    const issuers = [{ issuer: good.issuer, decryption: { keys: [rsa] } }];
    expect(faultsOf(undefined, { issuer: undefined, issuers })).toEqual([
      expect.stringMatching(/^issuers\[0\]\.decryption: there is no such option/),
    ]);
  });
});

describe('A private key is shown to nobody', () => {
  const pem = createPrivateKey({ key: rsa as JsonWebKey, format: 'jwk' }).export({ format: 'pem', type: 'pkcs8' });

  it.each([
    pem,
    [pem],
    rsa,
    [rsa],
    { keys: pem },
    { keys: rsa },
    { keys: [pem] },
    { keys: [[rsa]] },
    { keys: [{ ...rsa, use: 'sig' }] },
    { keys: [{ ...rsa, alg: 'RS256' }] },
    { keys: [{ ...rsa, n: rsa.d }] },
    { keys: [{ ...rsa, kty: rsa.d, crv: rsa.d }] },
    { keys: [{ ...rsa, kid: { secret: rsa.d } }] },
    { keys: [rsa], algorithms: [rsa.d] },
    { keys: [rsa], contentEncryptions: rsa.d },
    { keys: [rsa], required: rsa.d },
    { key: rsa },
  ])('by the fault of what holds it: %#', (decryption) => {
    const shown = inspect(faultsOf(decryption), { maxStringLength: Infinity });
    expect(shown).not.toBe('[]');
    const secrets = [...privateRsa.map((name) => rsa[name as 'd']!), pem.toString().split('\n')[1]!];
    for (const secret of secrets) expect(shown).not.toContain(secret.slice(0, 24));
  });

  it('by the settings of a guard that has it, whichever way they are printed', () => {
    const whole = settings({ keys: [rsa, curve] });
    const shown = `${inspect(whole, { depth: 20, showHidden: true, maxStringLength: Infinity })} ${JSON.stringify(whole)}`;
    expect(shown).toContain('DecryptionKey');
    for (const secret of [rsa.d!, rsa.p!, curve.d!]) expect(shown).not.toContain(secret.slice(0, 24));
  });
});
