import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { signingAlgorithms } from '@tessera/protocol';
import { CompactSign, compactVerify, importJWK } from 'jose';
import { generateSigningKey } from './generate-signing-key.js';
import { LocalKeyVault } from './local-key.vault.js';
import { ServerKey } from './server-key.js';
import { halfHash, isSignatureOf, signatureKey } from './signature.js';

// The signature is node:crypto's; jose, which others check it with, has the last word on whether it is right.
describe.each(signingAlgorithms)('A signature by %s', (algorithm) => {
  const created = generateSigningKey(algorithm, 1);

  it('is accepted by jose, header and payload as written', async () => {
    const key = new ServerKey(await created, new LocalKeyVault().signer(await created));
    const token = await key.sign('at+jwt', { text: 'ünïcödé', nested: [1, { a: null }] });
    const { payload, protectedHeader } = await compactVerify(token, await importJWK(key.publicJwk as never, algorithm));
    expect(protectedHeader).toEqual({ alg: algorithm, typ: 'at+jwt', kid: key.kid });
    expect(JSON.parse(Buffer.from(payload).toString())).toEqual({ text: 'ünïcödé', nested: [1, { a: null }] });
  });

  it('of jose is accepted, and no mutation of it: both agree on every one', async () => {
    const { privateJwk } = await created;
    const publicKey = createPublicKey(createPrivateKey({ key: privateJwk, format: 'jwk' }));
    const joseKey = await importJWK(publicKey.export({ format: 'jwk' }) as never, algorithm);
    const signing = new CompactSign(Buffer.from('{"a":1}')).setProtectedHeader({ alg: algorithm });
    const token = await signing.sign(await importJWK(privateJwk as never, algorithm));
    const accepted = (candidate: string) => {
      const [header, payload, signature] = candidate.split('.') as [string, string, string];
      return isSignatureOf(signatureKey(algorithm, publicKey), `${header}.${payload}`, signature);
    };
    expect(accepted(token)).toBe(true);
    for (let i = 0; i < token.length; i++) {
      if (token[i] === '.') continue;
      const mutated = token.slice(0, i) + (token[i] === 'x' ? 'y' : 'x') + token.slice(i + 1);
      const byJose = await compactVerify(mutated, joseKey).then(
        () => true,
        () => false,
      );
      // Where jose takes another spelling of the same bytes, we do not: that is the only difference.
      if (byJose)
        expect(Buffer.from(mutated.split('.')[2]!, 'base64url')).toEqual(
          Buffer.from(token.split('.')[2]!, 'base64url'),
        );
      expect(accepted(mutated)).toBe(false);
    }
  });

  it('has a kid that is the RFC 7638 thumbprint of the public key', async () => {
    const { kid, privateJwk } = await created;
    const { e, kty, n, crv, x, y } = privateJwk as Record<string, string>;
    const members = kty === 'RSA' ? { e, kty, n } : kty === 'EC' ? { crv, kty, x, y } : { crv, kty, x };
    expect(kid).toBe(createHash('sha256').update(JSON.stringify(members)).digest('base64url'));
  });
});

describe('at_hash', () => {
  it('is the left half of the hash of the signature algorithm (OpenID Connect Core §3.1.3.6)', () => {
    // The example of OpenID Connect Core §A.3.
    expect(halfHash('RS256', 'jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y')).toBe('77QmUPtjPfzWtF2AnpK9RQ');
    expect(Buffer.from(halfHash('ES384', 'x'), 'base64url')).toHaveLength(24);
    expect(Buffer.from(halfHash('PS512', 'x'), 'base64url')).toHaveLength(32);
    expect(Buffer.from(halfHash('EdDSA', 'x'), 'base64url')).toHaveLength(32);
  });
});
