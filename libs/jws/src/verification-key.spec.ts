import { constants, createSecretKey, generateKeyPairSync, sign } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { signingAlgorithms, type SigningAlgorithm } from '@tessera/protocol';
import { CompactSign, importJWK, type JWK } from 'jose';
import { decodeBytes, splitCompactJws } from './compact-jws.js';
import { keyPairFor, pair, signBytes, type KeyPair } from './signing-keys.spec.fixture.js';
import { VerificationKey } from './verification-key.js';

const unusable = expect.objectContaining({ name: 'JwsError', code: 'key_unusable' });
const input = 'header.payload';
const pairs = new Map<SigningAlgorithm, KeyPair>();

beforeAll(() => {
  const rsa = keyPairFor('RS256');
  for (const algorithm of signingAlgorithms)
    pairs.set(algorithm, /^[RP]S/.test(algorithm) ? rsa : keyPairFor(algorithm));
});

function pairOf(algorithm: SigningAlgorithm): KeyPair {
  return pairs.get(algorithm) as KeyPair;
}

function keyOf(algorithm: SigningAlgorithm): Promise<VerificationKey> {
  return VerificationKey.fromJwk(pairOf(algorithm).jwk, algorithm);
}

describe.each(signingAlgorithms)('a VerificationKey for %s', (algorithm) => {
  it('verifies what jose signed, and nothing else', async () => {
    const { privateKey } = pairOf(algorithm);
    const token = await new CompactSign(Buffer.from('payload')).setProtectedHeader({ alg: algorithm }).sign(privateKey);
    const { signingInput, signature } = splitCompactJws(token);
    const key = await keyOf(algorithm);
    expect(key.algorithm).toBe(algorithm);
    expect(key.verify(signingInput, decodeBytes(signature))).toBe(true);
    expect(key.verify(`${signingInput}a`, decodeBytes(signature))).toBe(false);
    const changed = decodeBytes(signature);
    changed[changed.length - 1]! ^= 1;
    expect(key.verify(signingInput, changed)).toBe(false);
  });

  it('says false to a signature of a wrong length, and does not throw', async () => {
    const key = await keyOf(algorithm);
    const good = signBytes(input, pairOf(algorithm), algorithm);
    const wrong = [
      Buffer.alloc(0),
      Buffer.alloc(1),
      good.subarray(0, -1),
      good.subarray(1),
      good.subarray(0, good.length / 2),
      Buffer.concat([good, Buffer.alloc(1)]),
      Buffer.concat([Buffer.alloc(1), good]),
      Buffer.concat([good, good]),
      Buffer.alloc(10_000, 1),
    ];
    expect(key.verify(input, good)).toBe(true);
    expect(wrong.map((signature) => key.verify(input, signature))).toEqual(wrong.map(() => false));
  });

  it('says false to zeros, to ones and to noise', async () => {
    const key = await keyOf(algorithm);
    const { length } = signBytes(input, pairOf(algorithm), algorithm);
    for (const fill of [0, 1, 0x7f, 0xff]) expect(key.verify(input, Buffer.alloc(length, fill))).toBe(false);
  });

  it('is not made of a private key', async () => {
    const secret = pairOf(algorithm).privateKey.export({ format: 'jwk' }) as JWK;
    await expect(VerificationKey.fromJwk(secret, algorithm)).rejects.toEqual(unusable);
  });

  it('is not made of a symmetric key', async () => {
    const secret = createSecretKey(Buffer.alloc(32, 1)).export({ format: 'jwk' }) as JWK;
    await expect(VerificationKey.fromJwk(secret, algorithm)).rejects.toEqual(unusable);
    await expect(VerificationKey.fromJwk({ ...pairOf(algorithm).jwk, k: 'AAAA' }, algorithm)).rejects.toEqual(unusable);
  });

  it('is made of no key of another type or curve', async () => {
    for (const other of signingAlgorithms) {
      const isSameType = pairOf(other) === pairOf(algorithm);
      const made = VerificationKey.fromJwk(pairOf(other).jwk, algorithm);
      if (isSameType) expect((await made).algorithm).toBe(algorithm);
      else await expect(made).rejects.toEqual(unusable);
    }
  });

  it('is made of no key that is meant for something else', async () => {
    const { jwk } = pairOf(algorithm);
    const other = algorithm === 'RS256' ? 'RS512' : 'RS256';
    for (const purpose of [
      { use: 'enc' },
      { key_ops: [] },
      { key_ops: ['sign'] },
      { key_ops: 'verify' },
      { alg: other },
    ]) {
      await expect(VerificationKey.fromJwk({ ...jwk, ...purpose } as JWK, algorithm)).rejects.toEqual(unusable);
    }
    const fit = await VerificationKey.fromJwk({ ...jwk, use: 'sig', key_ops: ['verify'], alg: algorithm }, algorithm);
    expect(fit.verify(input, signBytes(input, pairOf(algorithm), algorithm))).toBe(true);
  });
});

describe('VerificationKey.fromJwk', () => {
  it.each([
    [null],
    [undefined],
    ['key'],
    [{}],
    [[]],
    [{ kty: 'EC' }],
    [{ kty: 'AKP' }],
    [{ kty: 'RSA', n: 'AQAB', e: 'AQAB' }],
  ])('refuses what is no key: %j', async (jwk) => {
    await expect(VerificationKey.fromJwk(jwk as JWK, 'RS256')).rejects.toEqual(unusable);
  });

  it('refuses a point that is not on the curve', async () => {
    const { jwk } = pairOf('ES256');
    await expect(VerificationKey.fromJwk({ ...jwk, x: jwk.y }, 'ES256')).rejects.toEqual(unusable);
  });

  it('refuses Ed448 and X25519', async () => {
    for (const made of [generateKeyPairSync('ed448'), generateKeyPairSync('x25519')]) {
      await expect(VerificationKey.fromJwk(pair(made).jwk, 'EdDSA')).rejects.toEqual(unusable);
    }
  });

  it('RFC 9864 §2.2: takes the name Ed25519 in a key for EdDSA', async () => {
    const key = await VerificationKey.fromJwk({ ...pairOf('EdDSA').jwk, alg: 'Ed25519' }, 'EdDSA');
    expect(key.verify(input, signBytes(input, pairOf('EdDSA'), 'EdDSA'))).toBe(true);
  });

  it('RFC 7518 §3.3: refuses RSA keys below 2048 bits', async () => {
    for (const modulusLength of [1024, 2040]) {
      const weak = pair(generateKeyPairSync('rsa', { modulusLength }));
      await expect(VerificationKey.fromJwk(weak.jwk, 'RS256')).rejects.toEqual(unusable);
      await expect(VerificationKey.fromJwk(weak.jwk, 'PS256')).rejects.toEqual(unusable);
    }
  });

  it('refuses RSA keys that cost more than they are worth: over 8192 bits', async () => {
    const n = Buffer.alloc(1025, 0xff).toString('base64url');
    await expect(VerificationKey.fromJwk({ kty: 'RSA', n, e: 'AQAB' }, 'RS256')).rejects.toEqual(unusable);
  });

  it.each([
    ['one, with which everybody can sign', [1]],
    ['two', [2]],
    ['even', [1, 0, 0]],
    ['longer than 32 bits', [1, 0, 0, 0, 1]],
  ])('refuses an RSA exponent that is %s', async (_, e) => {
    const jwk = { ...pairOf('RS256').jwk, e: Buffer.from(e).toString('base64url') };
    await expect(VerificationKey.fromJwk(jwk, 'RS256')).rejects.toEqual(unusable);
  });
});

describe.each(signingAlgorithms)('Of keys for %s that somebody has spoiled', (algorithm) => {
  it('none is read that jose would not read', async () => {
    const { jwk } = pairOf(algorithm);
    const isRead = (reading: Promise<unknown>) =>
      reading.then(
        () => true,
        () => false,
      );
    const read: JWK[] = [];
    for (const spoiled of spoiledForms(jwk)) {
      if (await isRead(VerificationKey.fromJwk(spoiled, algorithm))) read.push(spoiled);
    }
    for (const spoiled of read) expect([spoiled, await isRead(importJWK(spoiled, algorithm))]).toEqual([spoiled, true]);
    expect(await isRead(VerificationKey.fromJwk(jwk, algorithm))).toBe(true);
  });
});

/** Each member wrong in each way, one at a time. */
function spoiledForms(jwk: JWK): JWK[] {
  const ways: readonly ((value: string) => unknown)[] = [
    () => undefined,
    () => null,
    () => 1,
    () => [],
    () => '',
    () => 'P-256',
    () => 'P-384',
    () => 'Ed25519',
    (value) => value.toLowerCase(),
    (value) => value.slice(1),
    (value) => value.slice(0, -1),
    (value) => `A${value}`,
    (value) => `AAAA${value}`,
    (value) => `${value}A`,
    (value) => `${value}=`,
    (value) => `${value}.`,
    (value) => [value],
  ];
  const members = Object.entries(jwk) as [string, string][];
  return members.flatMap(([name, value]) => ways.map((way) => ({ ...jwk, [name]: way(value) })));
}

describe('VerificationKey.verify', () => {
  it('RFC 7518 §3.5: refuses RSA-PSS with a salt of another length than the hash', async () => {
    const key = await keyOf('PS256');
    const salted = (saltLength: number) => signBytes(input, pairOf('PS256'), 'PS256', { saltLength });
    expect(key.verify(input, salted(32))).toBe(true);
    for (const length of [0, 20, 31, 33, 64, constants.RSA_PSS_SALTLEN_MAX_SIGN]) {
      expect(key.verify(input, salted(length))).toBe(false);
    }
  });

  it('RFC 7518 §3.4: refuses ECDSA signatures in DER', async () => {
    for (const algorithm of ['ES256', 'ES384', 'ES512'] as const) {
      const key = await keyOf(algorithm);
      const der = signBytes(input, pairOf(algorithm), algorithm, { dsaEncoding: 'der' });
      expect(key.verify(input, der)).toBe(false);
    }
  });

  it('refuses a signature with another hash, or with the other RSA padding, of the same key', async () => {
    for (const algorithm of signingAlgorithms) {
      const key = await keyOf(algorithm);
      for (const other of signingAlgorithms.filter(
        (name) => name !== algorithm && pairOf(name) === pairOf(algorithm),
      )) {
        expect(key.verify(input, signBytes(input, pairOf(other), other))).toBe(false);
      }
    }
    const sha384 = sign('sha384', Buffer.from(input), { key: pairOf('ES256').privateKey, dsaEncoding: 'ieee-p1363' });
    expect((await keyOf('ES256')).verify(input, sha384)).toBe(false);
  });

  it('refuses the signature of another key of the same kind', async () => {
    for (const algorithm of ['ES256', 'EdDSA', 'RS256', 'PS256'] as const) {
      const other = signBytes(input, keyPairFor(algorithm), algorithm);
      expect((await keyOf(algorithm)).verify(input, other)).toBe(false);
    }
  });
});
