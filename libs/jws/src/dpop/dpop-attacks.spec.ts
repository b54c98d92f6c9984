import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { encodePart, keyPairFor, signedToken } from '../signing-keys.spec.fixture.js';
import { jwkThumbprint } from '../thumbprints.js';
import { DpopNonces } from './dpop-nonces.js';
import { DpopReplayStore } from './dpop-replay.store.js';
import {
  expectations,
  holder,
  judge,
  now,
  proofWith,
  refusalOf,
  url,
  verifierWith,
} from './dpop-trial.spec.fixture.js';
import { InMemoryDpopReplayStore } from './in-memory-dpop-replay.store.js';

const claims = { jti: 'one', htm: 'GET', htu: url, iat: now };

describe('Attack', () => {
  it('replay: the same proof twice', async () => {
    const verifier = verifierWith();
    const proof = proofWith();
    expect(await judge(proof, expectations(), verifier)).toBe('accepted');
    expect(await judge(proof, expectations(), verifier)).toBe('proof_replayed');
    expect(await judge(proof, expectations(), verifier)).toBe('proof_replayed');
  });

  it('replay: the same proof twenty times at once, by a header that is not known yet', async () => {
    const verifier = verifierWith();
    const proof = proofWith();
    const verdicts = await Promise.all(Array.from({ length: 20 }, () => judge(proof, expectations(), verifier)));
    expect(verdicts.filter((verdict) => verdict === 'accepted')).toHaveLength(1);
    expect(verdicts.filter((verdict) => verdict === 'proof_replayed')).toHaveLength(19);
  });

  it('replay: the second signature that anybody can make of an ECDSA signature', async () => {
    const verifier = verifierWith();
    const proof = proofWith();
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
    const signature = Buffer.from(proof.split('.')[2] as string, 'base64url');
    const s = order - BigInt(`0x${signature.toString('hex', 32)}`);
    signature.write(s.toString(16).padStart(64, '0'), 32, 'hex');
    const twin = proof.replace(/[^.]*$/, signature.toString('base64url'));
    expect(await judge(twin)).toBe('accepted');
    expect(await judge(proof, expectations(), verifier)).toBe('accepted');
    expect(await judge(twin, expectations(), verifier)).toBe('proof_replayed');
  });

  it('replay: up to the last second in which the proof is good, and on', async () => {
    let time = now;
    const verifier = verifierWith({ replayStore: new InMemoryDpopReplayStore(undefined, () => time * 1000) });
    const proof = proofWith({ claims: { iat: now + 5 } });
    expect(await judge(proof, expectations(), verifier)).toBe('accepted');
    // The store's clock may be ahead of ours by the tolerance.
    for (time = now + 5; time <= now + 75; time += 0.5) {
      const verdict = await judge(proof, expectations({ now: Math.floor(time - 5) }), verifier);
      expect(verdict).toBe('proof_replayed');
    }
    expect(await judge(proof, expectations({ now: now + 71 }), verifier)).toBe('proof_expired');
  });

  it('replay: a jti that is used again for another URL', async () => {
    const verifier = verifierWith();
    const other = 'https://api.example.com/orders/8';
    expect(await judge(proofWith({ claims: { jti: 'one' } }), expectations(), verifier)).toBe('accepted');
    const again = proofWith({ claims: { jti: 'one', htu: other } });
    expect(await judge(again, expectations({ url: other }), verifier)).toBe('proof_replayed');
  });

  it('spoiling: a jti of somebody else, used with a key of one’s own, takes nothing from him', async () => {
    const verifier = verifierWith();
    const rival = keyPairFor('ES256');
    const early = proofWith({ pair: rival, claims: { jti: 'one' } });
    expect(await judge(early, expectations({ thumbprint: jwkThumbprint(rival.jwk) }), verifier)).toBe('accepted');
    expect(await judge(proofWith({ claims: { jti: 'one' } }), expectations(), verifier)).toBe('accepted');
  });

  it('spoiling: a proof that was refused is not used up', async () => {
    const verifier = verifierWith();
    const proof = proofWith();
    for (const wrong of [
      { method: 'PUT' },
      { url: 'https://evil.example.com/' },
      { accessToken: 'other' },
      { thumbprint: 'other' },
      { now: now + 99 },
    ]) {
      expect(await judge(proof, expectations(wrong), verifier)).not.toBe('accepted');
    }
    expect(await judge(proof, expectations(), verifier)).toBe('accepted');
  });

  it('memory: nothing is remembered of proofs that are wrong', async () => {
    const replayStore = new InMemoryDpopReplayStore(undefined, () => now * 1000);
    const verifier = verifierWith({ replayStore });
    await judge(proofWith({ claims: { htm: 'PUT' } }), expectations(), verifier);
    await judge(proofWith({ pair: keyPairFor('ES256'), header: { jwk: holder.jwk } }), expectations(), verifier);
    expect(replayStore.size).toBe(0);
  });

  it('a store that cannot answer lets nothing through', async () => {
    class LostStore extends DpopReplayStore {
      override async remember(): Promise<boolean> {
        throw new Error('no connection');
      }
    }
    const refusal = await refusalOf(verifierWith({ replayStore: new LostStore() }).verify(proofWith(), expectations()));
    expect(refusal).toMatchObject({ code: 'replay_store_unavailable', cause: new Error('no connection') });
  });

  it('a private key in the proof', async () => {
    expect(await judge(proofWith({ header: { jwk: holder.privateKey.export({ format: 'jwk' }) } }))).toBe(
      'proof_malformed',
    );
  });

  it('a symmetric algorithm: the public key as the secret, and a secret in the header', async () => {
    const pem = holder.publicKey.export({ format: 'pem', type: 'spki' });
    for (const jwk of [holder.jwk, { kty: 'oct', k: Buffer.from(pem).toString('base64url') }]) {
      const input = `${encodePart({ typ: 'dpop+jwt', alg: 'HS256', jwk })}.${encodePart(claims)}`;
      const proof = `${input}.${createHmac('sha256', pem).update(input).digest('base64url')}`;
      expect(await judge(proof)).toBe('proof_invalid');
      // Not even where somebody lists it.
      const verifier = verifierWith({ algorithms: ['HS256' as 'ES256'] });
      expect(await judge(proof, expectations({ accessToken: undefined, thumbprint: undefined }), verifier)).not.toBe(
        'accepted',
      );
    }
  });

  it('alg none', async () => {
    const input = `${encodePart({ typ: 'dpop+jwt', alg: 'none', jwk: holder.jwk })}.${encodePart(claims)}`;
    for (const proof of [`${input}.`, input]) expect(await judge(proof)).not.toBe('accepted');
  });

  it('another key than the one in jwk, pointed at by kid, jku, x5u or x5c', async () => {
    const thief = keyPairFor('ES256');
    const header = {
      jwk: holder.jwk,
      kid: 'thief',
      jku: 'https://evil.example.com/jwks',
      x5u: 'https://evil.example.com/x5',
      x5c: ['AAAA'],
    };
    expect(await judge(proofWith({ pair: thief, header }))).toBe('proof_invalid');
    expect(await judge(proofWith({ pair: thief, header: { ...header, jwk: undefined } }))).toBe('proof_malformed');
    expect(await judge(proofWith({ header }))).toBe('accepted');
  });

  it('another JWT of the same key: an access token, an id_token', async () => {
    const token = signedToken(
      { typ: 'at+jwt', alg: 'ES256', jwk: holder.jwk },
      { ...claims, sub: 'alice' },
      holder,
      'ES256',
    );
    expect(await judge(token)).toBe('proof_malformed');
  });

  it('the ath of another token', async () => {
    const stolen = expectations({ accessToken: 'another.access.token' });
    expect(await judge(proofWith(), stolen)).toBe('proof_invalid');
  });

  it.each([
    ['another host', 'https://evil.example.com/orders/7'],
    ['another host with ours in its query', 'https://evil.example.com/?https://api.example.com/orders/7'],
    ['another host with ours as user', 'https://api.example.com@evil.example.com/orders/7'],
    ['ours with a user', 'https://user@api.example.com/orders/7'],
    ['the path in the query', 'https://api.example.com/?/orders/7'],
    ['the path in the fragment', 'https://api.example.com/#/orders/7'],
    ['another path', 'https://api.example.com/orders/8'],
    ['a longer path', 'https://api.example.com/orders/7/items'],
    ['the path with a slash after it', 'https://api.example.com/orders/7/'],
    ['the path in another case', 'https://api.example.com/Orders/7'],
    ['another scheme', 'http://api.example.com/orders/7'],
    ['another port', 'https://api.example.com:8443/orders/7'],
    ['the port of another scheme', 'https://api.example.com:80/orders/7'],
    ['an encoded slash', 'https://api.example.com/orders%2F7'],
    ['a backslash', 'https://api.example.com\\orders/7'],
    ['a line break', 'https://api.example.com/or\nders/7'],
    ['white space before it', ' https://api.example.com/orders/7'],
    ['no authority', '/orders/7'],
    ['one slash', 'https:/api.example.com/orders/7'],
    ['three slashes', 'https:///api.example.com/orders/7'],
    ['nothing', ''],
  ])('an htu with %s', async (_, htu) => {
    expect(await judge(proofWith({ claims: { htu } }))).toBe('proof_invalid');
  });

  it('an htm in lower case', async () => {
    expect(await judge(proofWith({ claims: { htm: 'get' } }))).toBe('proof_invalid');
    expect(await judge(proofWith({ claims: { htm: 'GET ' } }))).toBe('proof_invalid');
  });

  it.each([
    ['a day ahead', now + 86_400, 'proof_invalid'],
    ['in milliseconds', now * 1000, 'proof_invalid'],
    ['beyond all numbers', 1e308, 'proof_invalid'],
    ['a day old', now - 86_400, 'proof_expired'],
    ['zero', 0, 'proof_expired'],
    ['negative', -now, 'proof_expired'],
  ])('an iat %s', async (_, iat, verdict) => {
    expect(await judge(proofWith({ claims: { iat } }))).toBe(verdict);
  });

  it('an iat that JSON makes infinite', async () => {
    const payload = JSON.stringify({ ...claims, iat: 0 }).replace('"iat":0', '"iat":1e999');
    const proof = signedToken({ typ: 'dpop+jwt', alg: 'ES256', jwk: holder.jwk }, payload, holder, 'ES256');
    expect(await judge(proof, expectations({ accessToken: undefined }))).toBe('proof_invalid');
  });

  it('a huge jti, and an empty one', async () => {
    expect(await judge(proofWith({ claims: { jti: 'a'.repeat(256) } }))).toBe('accepted');
    expect(await judge(proofWith({ claims: { jti: 'a'.repeat(257) } }))).toBe('proof_malformed');
    expect(await judge(proofWith({ claims: { jti: '' } }))).toBe('proof_malformed');
  });

  it('a huge proof, which is not even taken apart', async () => {
    expect(await judge(proofWith({ claims: { more: 'a'.repeat(5_000) } }))).toBe('accepted');
    expect(await judge(proofWith({ claims: { more: 'a'.repeat(6_000) } }))).toBe('proof_malformed');
    expect(await judge('.'.repeat(8_193))).toBe('proof_malformed');
  });

  it('a huge key', async () => {
    const n = Buffer.alloc(2049, 0xff).toString('base64url');
    const keys = keyPairFor('RS256');
    const proof = proofWith({ pair: keys, algorithm: 'RS256', header: { jwk: { kty: 'RSA', n, e: 'AQAB' } } });
    expect(await judge(proof, expectations({ thumbprint: undefined }))).toBe('proof_malformed');
  });

  it('the nonce of another server', async () => {
    const verifier = verifierWith({ nonces: new DpopNonces('a secret that all nodes of this API share') });
    const nonce = new DpopNonces('a secret that all nodes of other APIs share').current(now);
    expect(await judge(proofWith({ claims: { nonce } }), expectations(), verifier)).toBe('nonce_required');
  });
});
