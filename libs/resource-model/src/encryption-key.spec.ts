import { generateKeyPairSync } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { encryptionAlgorithms } from '@tessera/protocol';
import { encryptionKeyFault, type Jwk } from './encryption-key.js';

let rsa: Jwk;
const curve = (namedCurve: string) => jwkOf(generateKeyPairSync('ec', { namedCurve }));
const jwkOf = ({ publicKey }: { publicKey: { export(options: { format: 'jwk' }): object } }) =>
  publicKey.export({ format: 'jwk' }) as Jwk;

beforeAll(() => {
  rsa = jwkOf(generateKeyPairSync('rsa', { modulusLength: 2048 }));
});

describe('A public key to encrypt to', () => {
  it('is an RSA key for RSA-OAEP, and of a curve for ECDH-ES (RFC 7518 §4.3, §4.6; RFC 8037 §3.2)', () => {
    const fitting = (key: Jwk) => encryptionAlgorithms.filter((alg) => encryptionKeyFault(key, alg) === undefined);
    expect(fitting(rsa)).toEqual(['RSA-OAEP', 'RSA-OAEP-256']);
    const agreements = ['ECDH-ES', 'ECDH-ES+A128KW', 'ECDH-ES+A256KW'];
    for (const key of [curve('P-256'), curve('P-384'), curve('P-521'), jwkOf(generateKeyPairSync('x25519'))]) {
      expect(fitting(key)).toEqual(agreements);
    }
  });

  it('is not one that is for something else: use, key_ops, alg (RFC 7517 §4.2 to §4.4)', () => {
    expect(
      encryptionKeyFault({ ...rsa, use: 'enc', key_ops: ['wrapKey'], alg: 'RSA-OAEP' }, 'RSA-OAEP'),
    ).toBeUndefined();
    expect(encryptionKeyFault({ ...curve('P-256'), key_ops: [] }, 'ECDH-ES')).toBeUndefined();
    expect(encryptionKeyFault({ ...rsa, use: 'sig' })).toMatch(/use is 'enc'/);
    expect(encryptionKeyFault({ ...rsa, key_ops: ['verify'] })).toMatch(/key_ops/);
    expect(encryptionKeyFault({ ...rsa, alg: 'RSA-OAEP' }, 'RSA-OAEP-256')).toBe('is no key for RSA-OAEP-256');
  });

  it('has 8192 bits at the most: with a longer one whoever names it would occupy the server with each answer', () => {
    const ofBits = (bits: number) => ({ ...rsa, n: Buffer.alloc(bits / 8, 0xff).toString('base64url') });
    expect(encryptionKeyFault(ofBits(8192))).toBeUndefined();
    expect(encryptionKeyFault(ofBits(8200))).toMatch(/8200 bits; at most 8192/);
  });

  it('is not a private one, none of 1024 bits, none of a curve for signatures, and none that cannot be read', () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(encryptionKeyFault(pair.privateKey.export({ format: 'jwk' }) as Jwk)).toMatch(/public key alone/);
    expect(encryptionKeyFault(jwkOf(generateKeyPairSync('rsa', { modulusLength: 1024 })))).toMatch(/1024 bits/);
    for (const other of [jwkOf(generateKeyPairSync('ed25519')), curve('secp256k1'), { kty: 'oct' }]) {
      expect(encryptionKeyFault(other)).toMatch(/must be an RSA key, or one of the curves/);
    }
    expect(encryptionKeyFault({ kty: 'RSA', n: 'x' })).toMatch(/cannot be read/);
    // A point that is not on the curve would give the sender's secret away (RFC 8725 §3.4).
    expect(encryptionKeyFault({ ...curve('P-256'), y: rsa.n })).toMatch(/cannot be read/);
  });
});
