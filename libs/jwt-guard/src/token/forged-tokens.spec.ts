import { createHmac } from 'node:crypto';
import { exportJWK, exportSPKI, generateKeyPair, importJWK, SignJWT, type CryptoKey } from 'jose';
import { LoopbackIssuer } from '../loopback-issuer.spec.fixture.js';
import type { JwtGuardOptions } from '../options/jwt-guard.options.js';
import { encodePart, judge, verifierFor } from './verification.spec.fixture.js';

let issuer: LoopbackIssuer;
beforeAll(async () => (issuer = await LoopbackIssuer.start('RS256')));
afterEach(() => [...issuer.published.keys()].filter((kid) => kid !== 'first').forEach((kid) => issuer.removeKey(kid)));
afterAll(() => issuer.close());

const outcome = (token: string, options: Partial<JwtGuardOptions> = {}): Promise<string> =>
  judge(verifierFor(issuer, options), token);

describe('Attacks on the algorithm', () => {
  it('alg none is refused, with and without a signature', async () => {
    for (const alg of ['none', 'None', 'NONE', 'nOnE']) {
      const unsigned = `${encodePart({ alg, typ: 'at+jwt', kid: 'first' })}.${encodePart(issuer.goodClaims())}`;
      expect(await outcome(`${unsigned}.`)).toBe('algorithm_not_allowed');
      expect(await outcome(`${unsigned}.AAAA`)).toBe('algorithm_not_allowed');
    }
  });

  it('HS256 with the public key as secret is refused, in PEM and in JWK form', async () => {
    const jwk = issuer.published.get('first')!;
    const pem = await exportSPKI((await importJWK(jwk, 'RS256')) as CryptoKey);
    for (const secret of [pem, pem.trim(), JSON.stringify(jwk), jwk.n!]) {
      const signed = `${encodePart({ alg: 'HS256', typ: 'at+jwt', kid: 'first' })}.${encodePart(issuer.goodClaims())}`;
      const token = `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
      expect(await outcome(token)).toBe('algorithm_not_allowed');
    }
  });

  it('an algorithm that is not configured is refused, though the key would fit', async () => {
    expect(await outcome(await issuer.token(), { algorithms: ['ES256'] })).toBe('algorithm_not_allowed');
  });

  it('a key published for RS256 does not check PS256', async () => {
    const { privateKey, publicKey } = await generateKeyPair('PS256', { extractable: true });
    issuer.published.set('rs-only', { ...(await exportJWK(publicKey)), kid: 'rs-only', alg: 'RS256', use: 'sig' });
    const header = { alg: 'PS256', typ: 'at+jwt', kid: 'rs-only' };
    const token = await new SignJWT(issuer.goodClaims()).setProtectedHeader(header).sign(privateKey);
    expect(await outcome(token)).toBe('key_unknown');
  });

  it('a key published for encryption does not check signatures', async () => {
    await issuer.addKey('enc');
    issuer.published.set('enc', { ...issuer.published.get('enc')!, use: 'enc' });
    expect(await outcome(await issuer.token({}, { kid: 'enc' }))).toBe('key_unknown');
  });

  it('a private key in the published set is not used', async () => {
    await issuer.addKey('leaked');
    issuer.published.set('leaked', { ...(await exportJWK(issuer.privateKey('leaked'))), kid: 'leaked', alg: 'ES256' });
    expect(await outcome(await issuer.token({}, { kid: 'leaked' }))).toBe('key_unusable');
  });

  it('an RSA key below 2048 bits is not used', async () => {
    const pair = await crypto.subtle.generateKey(
      { name: 'RSASSA-PKCS1-v1_5', modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' },
      true,
      ['sign', 'verify'],
    );
    issuer.published.set('weak', { ...(await exportJWK(pair.publicKey)), kid: 'weak', alg: 'RS256' });
    const signed = `${encodePart({ alg: 'RS256', typ: 'at+jwt', kid: 'weak' })}.${encodePart(issuer.goodClaims())}`;
    const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', pair.privateKey, Buffer.from(signed));
    expect(await outcome(`${signed}.${Buffer.from(signature).toString('base64url')}`)).toBe('key_unusable');
  });
});

describe('Attacks on the signature', () => {
  it('a changed claim is refused', async () => {
    const [header, , signature] = (await issuer.token()).split('.');
    const forged = `${header}.${encodePart({ ...issuer.goodClaims(), sub: 'mallory' })}.${signature}`;
    expect(await outcome(forged)).toBe('signature_invalid');
  });

  it('a changed first or middle byte of the signature is refused', async () => {
    const token = await issuer.token();
    const start = token.lastIndexOf('.') + 1;
    for (const at of [start, start + 100]) {
      const forged = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
      expect(await outcome(forged)).toBe('signature_invalid');
    }
  });

  it('a cut signature, and none, are refused', async () => {
    const token = await issuer.token();
    // Cut by whole bytes, so that what is left is still base64url.
    expect(await outcome(token.slice(0, -6))).toBe('signature_invalid');
    expect(await outcome(token.slice(0, token.lastIndexOf('.') + 1))).toBe('signature_invalid');
  });

  it('of two tokens that differ in the last character alone, one is refused, whichever came first', async () => {
    const good = await issuer.token();
    const others = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'].map(
      (last) => good.slice(0, -1) + last,
    );
    const verifier = verifierFor(issuer);
    for (const token of [...others, ...others]) {
      const answer = await judge(verifier, token);
      if (token === good) expect(answer).toBe('accepted');
      else expect(['token_malformed', 'signature_invalid']).toContain(answer);
    }
  });

  it.each([
    ['first', 'signature_invalid'],
    ['mine', 'key_unknown'],
    [undefined, 'signature_invalid'],
  ])('a key that the token brings along (jwk header, kid %s) is not trusted', async (kid, code) => {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    const token = await new SignJWT(issuer.goodClaims())
      .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid, jwk: await exportJWK(publicKey) })
      .sign(privateKey);
    expect(await outcome(token)).toBe(code);
  });

  it.each(['jku', 'x5u'])('an address that the token brings along (%s header) is not fetched', async (name) => {
    const attacker = await LoopbackIssuer.start();
    const header = { alg: 'ES256', typ: 'at+jwt', kid: 'evil', [name]: `${attacker.url}/jwks` };
    const token = await new SignJWT(issuer.goodClaims()).setProtectedHeader(header).sign(attacker.privateKey());
    expect(await outcome(token)).toBe('key_unknown');
    expect(attacker.requests).toEqual([]);
    await attacker.close();
  });

  it('a certificate that the token brings along (x5c header) is not trusted', async () => {
    const { privateKey } = await generateKeyPair('RS256');
    const header = { alg: 'RS256', typ: 'at+jwt', kid: 'first', x5c: ['MIIB'] };
    const token = await new SignJWT(issuer.goodClaims()).setProtectedHeader(header).sign(privateKey);
    expect(await outcome(token)).toBe('signature_invalid');
  });

  it.each(['../../etc/passwd', "' OR 1=1 --", '__proto__', 'constructor'])(
    'a kid like %s is a name and nothing more',
    async (kid) => {
      expect(await outcome(await issuer.token({}, { header: { kid } }))).toBe('key_unknown');
    },
  );
});
