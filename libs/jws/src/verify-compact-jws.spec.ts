import { describe, expect, it } from '@jest/globals';
import { keyPairFor, signedToken } from './signing-keys.spec.fixture.js';
import { VerificationKey } from './verification-key.js';
import { verifyCompactJws } from './verify-compact-jws.js';

describe('RFC 9864 §2.2: EdDSA and Ed25519 are two names of one algorithm', () => {
  const pair = keyPairFor('EdDSA');
  const key = VerificationKey.fromJwk(pair.jwk, 'EdDSA');

  it.each(['EdDSA', 'Ed25519'])('a JWS that says %s is verified with the key', async (alg) => {
    const jws = signedToken({ alg }, { sub: 'alice' }, pair, 'EdDSA');
    expect(verifyCompactJws(jws, await key).header.alg).toBe(alg);
  });

  it.each(['Ed448', 'ed25519', 'ES256', 'none', ['Ed25519'], undefined])('and %j is none of them', async (alg) => {
    const jws = signedToken({ alg }, {}, pair, 'EdDSA');
    const refuse = async () => verifyCompactJws(jws, await key);
    await expect(refuse()).rejects.toMatchObject({ code: 'algorithm_mismatch' });
  });

  it('and neither is verified with a key for another algorithm', async () => {
    const es256 = keyPairFor('ES256');
    const jws = signedToken({ alg: 'Ed25519' }, {}, es256, 'ES256');
    const refuse = async () => verifyCompactJws(jws, await VerificationKey.fromJwk(es256.jwk, 'ES256'));
    await expect(refuse()).rejects.toMatchObject({ code: 'algorithm_mismatch' });
  });
});
