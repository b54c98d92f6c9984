import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { SigningAlgorithm } from '@tessera/protocol';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { keyPairFor, pair } from '../signing-keys.spec.fixture.js';
import { jwkThumbprint } from '../thumbprints.js';
import { DpopNonces } from './dpop-nonces.js';
import {
  accessToken,
  expectations,
  holder,
  judge,
  now,
  proofWith,
  refusalOf,
  url,
  verifierWith,
} from './dpop-trial.spec.fixture.js';

const nonces = new DpopNonces('a secret that all nodes of this API share');

describe('DpopProofVerifier', () => {
  it('accepts a good proof and says what it says', async () => {
    const proof = proofWith({ claims: { jti: 'one', iat: now - 3 } });
    expect(await verifierWith().verify(proof, expectations())).toEqual({
      thumbprint: jwkThumbprint(holder.jwk),
      jti: 'one',
      issuedAt: now - 3,
      nonce: undefined,
      nextNonce: undefined,
    });
  });

  it.each(['ES256', 'EdDSA', 'PS256', 'RS256'] as const)('accepts a proof that jose made with %s', async (alg) => {
    const { privateKey, publicKey } = await generateKeyPair(alg);
    const proof = await new SignJWT({ jti: 'one', htm: 'GET', htu: url, iat: now })
      .setProtectedHeader({ typ: 'dpop+jwt', alg, jwk: await exportJWK(publicKey) })
      .sign(privateKey);
    expect(await judge(proof, expectations({ accessToken: undefined, thumbprint: undefined }))).toBe('accepted');
  });

  it('takes Ed25519 for what it is, the later name of EdDSA (RFC 9864 §2.2)', async () => {
    const key = { pair: keyPairFor('EdDSA'), algorithm: 'EdDSA', header: { alg: 'Ed25519' } } as const;
    expect(await judge(proofWith(key), expectations({ thumbprint: undefined }))).toBe('accepted');
    const without = verifierWith({ algorithms: ['ES256'] });
    expect(await judge(proofWith(key), expectations({ thumbprint: undefined }), without)).toBe('proof_invalid');
  });

  it('leaves it to the caller to use up a proof that it has examined, once all else is right', async () => {
    const verifier = verifierWith();
    const proof = proofWith();
    const [first, second] = [
      await verifier.examine(proof, expectations()),
      await verifier.examine(proof, expectations()),
    ];
    await first.useUp();
    expect(await refusalOf(second.useUp())).toMatchObject({ code: 'proof_replayed' });
    expect(await judge(proof, expectations(), verifier)).toBe('proof_replayed');
  });

  it('needs neither an access token nor a known key at a token endpoint', async () => {
    const proof = proofWith({ claims: { ath: undefined, htm: 'POST' } });
    const expected = expectations({ method: 'POST', accessToken: undefined, thumbprint: undefined });
    expect((await verifierWith().verify(proof, expected)).thumbprint).toBe(jwkThumbprint(holder.jwk));
  });

  it.each([
    ['proofLifetime', NaN],
    ['proofLifetime', -1],
    ['clockTolerance', undefined],
  ])('is not made with %s %s', (name, value) => {
    expect(() => verifierWith({ [name]: value })).toThrow(RangeError);
  });
});

describe('RFC 9449 §4.3', () => {
  it('1. there is not more than one DPoP header field: joined ones are not a proof', async () => {
    for (const joint of [',', ', '])
      expect(await judge(`${proofWith()}${joint}${proofWith()}`)).toBe('proof_malformed');
  });

  it('2. the field is a single well-formed JWT', async () => {
    const [header, payload, signature] = proofWith().split('.');
    for (const text of [
      '',
      'proof',
      `${header}.${payload}`,
      `${header}.${payload}.${signature}.`,
      `${header}.${payload}.${signature}=`,
      ` ${header}.${payload}.${signature}`,
      `${header}.${Buffer.from('[]').toString('base64url')}.${signature}`,
      `${Buffer.from('{').toString('base64url')}.${payload}.${signature}`,
      `DPoP ${header}.${payload}.${signature}`,
    ]) {
      expect(await judge(text)).toBe('proof_malformed');
    }
  });

  it.each(['jti', 'htm', 'htu', 'iat'])('3. all required claims are there: %s', async (name) => {
    for (const value of [undefined, null, {}, ['GET'], true, name === 'iat' ? `${now}` : 1]) {
      expect(await judge(proofWith({ claims: { [name]: value } }))).toBe('proof_malformed');
    }
  });

  it.each(['ath', 'nonce'])('3. an optional claim is text where it is there: %s', async (name) => {
    for (const value of [null, {}, [], 1]) {
      expect(await judge(proofWith({ claims: { [name]: value } }))).toBe('proof_malformed');
    }
  });

  it('4. the typ is dpop+jwt; as a media type it does not depend on case (RFC 7515 §4.1.9)', async () => {
    for (const typ of [
      undefined,
      null,
      '',
      'JWT',
      'at+jwt',
      'dpop',
      'jwt+dpop',
      'dpop+jwt ',
      'text/dpop+jwt',
      ['dpop+jwt'],
    ]) {
      expect(await judge(proofWith({ header: { typ } }))).toBe('proof_malformed');
    }
    for (const typ of ['dpop+jwt', 'DPoP+JWT', 'application/dpop+jwt']) {
      expect(await judge(proofWith({ header: { typ } }))).toBe('accepted');
    }
  });

  it('5. the alg is an asymmetric one that is accepted here', async () => {
    for (const alg of [
      undefined,
      null,
      '',
      'none',
      'None',
      'HS256',
      'es256',
      'ES384',
      'ES256K',
      ['ES256'],
      'constructor',
    ]) {
      expect(await judge(proofWith({ header: { alg } }))).toBe('proof_invalid');
    }
    const es384 = { pair: keyPairFor('ES384'), algorithm: 'ES384' } as const;
    const expected = expectations({ thumbprint: undefined });
    expect(await judge(proofWith(es384), expected)).toBe('proof_invalid');
    expect(await judge(proofWith(es384), expected, verifierWith({ algorithms: ['ES384'] }))).toBe('accepted');
  });

  it('6. the signature is that of the key in the header', async () => {
    const proof = proofWith();
    const other = proofWith();
    expect(await judge(proof.slice(0, proof.lastIndexOf('.')) + other.slice(other.lastIndexOf('.')))).toBe(
      'proof_invalid',
    );
    expect(await judge(proof.slice(0, proof.lastIndexOf('.') + 1))).toBe('proof_invalid');
  });

  it('7. the key in the header is not a private one', async () => {
    for (const algorithm of ['ES256', 'EdDSA', 'RS256'] as const) {
      const keys = keyPairFor(algorithm);
      const header = { jwk: keys.privateKey.export({ format: 'jwk' }) };
      const refusal = verifierWith().verify(
        proofWith({ pair: keys, algorithm, header }),
        expectations({ thumbprint: undefined }),
      );
      expect(await refusalOf(refusal)).toMatchObject({
        code: 'proof_malformed',
        message: expect.stringContaining('private key'),
      });
    }
    for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv']) {
      for (const value of ['', 'AAAA', null]) {
        expect(await judge(proofWith({ header: { jwk: { ...holder.jwk, [member]: value } } }))).toBe('proof_malformed');
      }
    }
  });

  it('8. the htm is the method of the request', async () => {
    expect(await judge(proofWith({ claims: { htm: 'POST' } }))).toBe('proof_invalid');
    expect(await judge(proofWith({ claims: { htm: 'POST' } }), expectations({ method: 'POST' }))).toBe('accepted');
  });

  it('9. the htu is the URL of the request, whose query and fragment do not count', async () => {
    for (const suffix of ['', '?page=2', '#top', '?page=2#top', '?']) {
      expect(await judge(proofWith(), expectations({ url: url + suffix }))).toBe('accepted');
      expect(await judge(proofWith({ claims: { htu: url + suffix } }))).toBe('accepted');
    }
    const aliases = ['https://elsewhere.example.com/', 'https://mtls.example.com/orders/7'];
    const htu = 'https://mtls.example.com/orders/7';
    expect(await judge(proofWith({ claims: { htu } }), expectations({ aliases }))).toBe('accepted');
    const refusal = verifierWith().verify(proofWith({ claims: { htu: 'http://10.0.0.7/orders/7' } }), expectations());
    expect((await refusalOf(refusal)).message).toBe(`The htu of the DPoP proof is not ${url}.`);
  });

  it('10. where the server gives nonces, the nonce is one of them', async () => {
    const verifier = verifierWith({ nonces });
    for (const nonce of [undefined, '', 'made up', nonces.current(now - 1000), nonces.current(now + 1000)]) {
      const refusal = await refusalOf(verifier.verify(proofWith({ claims: { nonce } }), expectations()));
      expect(refusal).toMatchObject({ code: 'nonce_required', nonce: nonces.current(now) });
    }
    const proof = await verifier.verify(proofWith({ claims: { nonce: nonces.current(now) } }), expectations());
    expect(proof).toMatchObject({ nonce: nonces.current(now), nextNonce: undefined });
  });

  it('10. §8.2: a nonce of the window before is good once more, and the next one comes with the answer', async () => {
    const nonce = nonces.current(now - 120);
    const proof = await verifierWith({ nonces }).verify(proofWith({ claims: { nonce } }), expectations());
    expect(proof).toMatchObject({ nonce, nextNonce: nonces.current(now) });
  });

  it('10. where the server gives none, a nonce in the proof does not matter', async () => {
    expect(await judge(proofWith({ claims: { nonce: 'of somebody else' } }))).toBe('accepted');
  });

  it.each([
    [-66, 'proof_expired'],
    [-65.5, 'proof_expired'],
    [-65, 'accepted'],
    [0, 'accepted'],
    [5, 'accepted'],
    [5.5, 'proof_invalid'],
    [6, 'proof_invalid'],
  ])('11. the time of creation is within the window: made at %s seconds from now it is %s', async (offset, verdict) => {
    expect(await judge(proofWith({ claims: { iat: now + offset } }))).toBe(verdict);
  });

  it('11. RFC 7519 §4.1.4, §4.1.5: exp and nbf hold where they are there', async () => {
    expect(await judge(proofWith({ claims: { exp: now - 5 } }))).toBe('accepted');
    expect(await judge(proofWith({ claims: { exp: now - 6 } }))).toBe('proof_expired');
    expect(await judge(proofWith({ claims: { nbf: now + 5 } }))).toBe('accepted');
    expect(await judge(proofWith({ claims: { nbf: now + 6 } }))).toBe('proof_invalid');
    expect(await judge(proofWith({ claims: { exp: 'never' } }))).toBe('proof_malformed');
  });

  it('11. a present time that is not a number accepts nothing', async () => {
    expect(await judge(proofWith(), expectations({ now: NaN }))).toBe('proof_invalid');
  });

  it('12a. the ath is the hash of the access token', async () => {
    expect(await judge(proofWith({ claims: { ath: undefined } }))).toBe('proof_invalid');
    expect(await judge(proofWith({ claims: { ath: accessToken } }))).toBe('proof_invalid');
    expect(await judge(proofWith(), expectations({ accessToken: `${accessToken}a` }))).toBe('proof_invalid');
  });

  it('12a. an ath that does not serve here does no harm', async () => {
    expect(await judge(proofWith(), expectations({ accessToken: undefined }))).toBe('accepted');
  });

  it('12b. the key is the one that the access token is bound to', async () => {
    const proof = proofWith({ pair: keyPairFor('ES256') });
    expect(await judge(proof)).toBe('key_mismatch');
    expect(await judge(proof, expectations({ thumbprint: undefined }))).toBe('accepted');
    expect(await judge(proofWith(), expectations({ thumbprint: '' }))).toBe('key_mismatch');
  });
});

describe('Keys and headers of proofs', () => {
  it.each([
    ['ES256', { kty: 'EC', crv: 'P-384' }],
    ['EdDSA', { kty: 'OKP', crv: 'X25519' }],
    ['RS256', { kty: 'oct' }],
  ] as const)('refuses a %s proof with another kind of key: %j', async (algorithm: SigningAlgorithm, kind) => {
    const keys = keyPairFor(algorithm);
    const proof = proofWith({ pair: keys, algorithm, header: { jwk: { ...keys.jwk, ...kind } } });
    expect(await judge(proof, expectations({ thumbprint: undefined }))).toBe('proof_malformed');
  });

  it('refuses an RSA key of 1024 bits', async () => {
    const weak = pair(generateKeyPairSync('rsa', { modulusLength: 1024 }));
    const proof = proofWith({ pair: weak, algorithm: 'RS256' });
    expect(await judge(proof, expectations({ thumbprint: undefined }))).toBe('proof_malformed');
  });

  it.each([
    [undefined],
    [null],
    ['key'],
    [[]],
    [{}],
    [{ kty: 'EC' }],
    [{ kty: ['EC'] }],
    [{ kty: 'EC', crv: 'P-256', x: 1, y: 2 }],
  ])('refuses what is no key: %j', async (jwk) => {
    expect(await judge(proofWith({ header: { jwk } }))).toBe('proof_malformed');
  });

  it('RFC 7515 §4.1.11: refuses crit, whatever it demands', async () => {
    for (const crit of [[], ['b64'], ['exp'], null]) {
      expect(await judge(proofWith({ header: { crit, b64: true } }))).toBe('proof_malformed');
    }
  });

  it('knows a header that it met, and judges the rest of the proof as if it had not', async () => {
    const verifier = verifierWith();
    expect(await judge(proofWith(), expectations(), verifier)).toBe('accepted');
    expect(await judge(proofWith(), expectations(), verifier)).toBe('accepted');
    const forged = proofWith().replace(/[^.]*$/, proofWith().split('.')[2] as string);
    expect(await judge(forged, expectations(), verifier)).toBe('proof_invalid');
    expect(await judge(proofWith({ claims: { htm: 'PUT' } }), expectations(), verifier)).toBe('proof_invalid');
    expect(await judge(proofWith(), expectations({ thumbprint: 'of another key' }), verifier)).toBe('key_mismatch');
  });

  it('learns no header from a proof that was refused', async () => {
    const verifier = verifierWith();
    const thief = keyPairFor('ES256');
    // The thief says that his key is the holder's: the signature does not fit, now and later.
    const forge = () => proofWith({ pair: thief, header: { jwk: holder.jwk } });
    expect(await judge(forge(), expectations(), verifier)).toBe('proof_invalid');
    expect(await judge(forge(), expectations(), verifier)).toBe('proof_invalid');
    expect(await judge(proofWith(), expectations(), verifier)).toBe('accepted');
  });
});
