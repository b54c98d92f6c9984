import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { calculateJwkThumbprint } from 'jose';
import { InMemorySigningKeyStore, SigningKeyStore } from '@tessera/resource-model';
import { headerOf, run } from '../running-server.spec.fixture.js';
import { readSigningKey, type SigningKeyFile } from './read-signing-key.js';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });
const ed25519 = generateKeyPairSync('ed25519');
const pem = (key: KeyObject, type: 'pkcs8' | 'pkcs1' | 'sec1', passphrase?: string) =>
  key.export({ format: 'pem', type, ...(passphrase && { cipher: 'aes-256-cbc', passphrase }) } as never) as string;
const jwk = (key: KeyObject, more: object = {}) => JSON.stringify({ ...key.export({ format: 'jwk' }), ...more });

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'tessera-own-keys-'))));
afterAll(() => rm(folder, { recursive: true }));

let count = 0;
async function read(content: string | Buffer, given: Partial<SigningKeyFile> = {}) {
  const file = join(folder, `key${(count += 1)}`);
  await writeFile(file, content);
  return readSigningKey({ file, ...given });
}

describe('A signing key of one’s own', () => {
  it.each([
    ['PKCS#8', pem(rsa.privateKey, 'pkcs8'), 'RS256'],
    ['PKCS#1', pem(rsa.privateKey, 'pkcs1'), 'RS256'],
    ['SEC 1', pem(ec('P-256').privateKey, 'sec1'), 'ES256'],
    ['PKCS#8 of P-384', pem(ec('P-384').privateKey, 'pkcs8'), 'ES384'],
    ['PKCS#8 of P-521', pem(ec('P-521').privateKey, 'pkcs8'), 'ES512'],
    ['PKCS#8 of Ed25519', pem(ed25519.privateKey, 'pkcs8'), 'EdDSA'],
    ['JWK', jwk(rsa.privateKey), 'RS256'],
    ['JWK with an algorithm', jwk(rsa.privateKey, { alg: 'PS384', use: 'sig' }), 'PS384'],
    [
      'PEM after a certificate',
      `-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n${pem(ec('P-256').privateKey, 'pkcs8')}`,
      'ES256',
    ],
  ])('is read from %s', async (_form, content, algorithm) => {
    const key = await read(content);
    expect(key).toMatchObject({ algorithm, generation: 1, signsFrom: 0 });
    expect(key.kid).toBe(await calculateJwkThumbprint(key.privateJwk));
    expect(key.privateJwk.d).toEqual(expect.any(String));
  });

  it.each([
    ['PKCS#8', pem(rsa.privateKey, 'pkcs8', 'sesame')],
    ['PKCS#1', pem(rsa.privateKey, 'pkcs1', 'sesame')],
  ])('is read from encrypted %s with its passphrase, which no error repeats', async (_form, content) => {
    expect((await read(content, { passphrase: 'sesame' })).algorithm).toBe('RS256');
    await expect(read(content)).rejects.toThrow(/key\d+ is encrypted: give its passphrase/);
    const refused = read(content, { passphrase: 'open sesame' });
    await expect(refused).rejects.toThrow(/key\d+ cannot be opened with this passphrase/);
    await expect(refused).rejects.not.toThrow(/sesame/);
  });

  it.each([
    [
      'a public key',
      rsa.publicKey.export({ format: 'pem', type: 'spki' }) as string,
      /holds a public key and no private key/,
    ],
    ['a public JWK', jwk(rsa.publicKey), /holds no private key: the JWK lacks "d"/],
    ['a key set', JSON.stringify({ keys: [] }), /holds a key set: put one key/],
    ['a symmetric key', JSON.stringify({ kty: 'oct', k: 'AAAA' }), /holds a symmetric key/],
    ['a key for encryption', jwk(rsa.privateKey, { use: 'enc' }), /"use" must be "sig"/],
    ['an algorithm that is not ours', jwk(rsa.privateKey, { alg: 'RSA-OAEP' }), /says alg "RSA-OAEP".*RS256/],
    ['a JWK with a part missing', JSON.stringify({ kty: 'EC', crv: 'P-256', d: 'AAAA' }), /is not a sound JWK/],
    ['half a JWK', '{"kty":"RSA","d":"very secret', /holds no JSON/],
    [
      'a short RSA key',
      pem(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey, 'pkcs8'),
      /1024 bits, which is too short: at least 2048/,
    ],
    [
      'a curve of no algorithm',
      pem(ec('secp256k1').privateKey, 'pkcs8'),
      /type ec secp256k1, with which no token is signed/,
    ],
    [
      'a key that agrees keys',
      pem(generateKeyPairSync('x25519').privateKey, 'pkcs8'),
      /type x25519, with which no token/,
    ],
    ['PKCS#12', Buffer.from([0x30, 0x82, 0x01, 0x00]), /openssl pkcs12 -in <file> -nocerts -out key\.pem/],
    ['damaged PEM', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----', /is damaged/],
    ['neither', 'Dear Alice,', /holds neither PEM nor JWK/],
  ])('is refused from %s', async (_what, content, message) => {
    const refused = read(content);
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.not.toThrow(/very secret/);
  });

  it.each([
    [pem(rsa.privateKey, 'pkcs8'), 'ES256', /holds an RSA key, which does not sign with ES256/],
    [pem(ec('P-384').privateKey, 'pkcs8'), 'ES256', /\(ec secp384r1\) that signs with ES384 alone, not with ES256/],
    [pem(ed25519.privateKey, 'pkcs8'), 'RS256', /\(ed25519\) that signs with EdDSA alone/],
  ] as const)('is refused for an algorithm that does not fit', async (content, algorithm, message) => {
    await expect(read(content, { algorithm })).rejects.toThrow(message);
  });

  it('that is not there is named by its path', async () => {
    await expect(readSigningKey({ file: join(folder, 'none.pem') })).rejects.toThrow(
      /none\.pem cannot be read: ENOENT/,
    );
  });
});

describe('A server with keys of its operator', () => {
  const given = async (...keys: Awaited<ReturnType<typeof read>>[]) => ({
    signingAlgorithms: ['ES256'] as const,
    keys: { automatic: false },
    providers: [{ provide: SigningKeyStore, useValue: new InMemorySigningKeyStore(keys) }],
  });

  it('signs with the highest generation, announces all, and changes nothing by itself', async () => {
    const contents = [pem(ec('P-256').privateKey, 'sec1'), pem(ec('P-256').privateKey, 'pkcs8')];
    const [old, young] = await Promise.all(contents.map((content, i) => read(content, { generation: i + 1 })));
    const server = await run(await given(old!, young!));
    server.clock.advance(315_360_000);
    const form = { grant_type: 'client_credentials' };
    const { body } = await server.post('connect/token', form, { basic: 'simple_client:secret' });
    expect(headerOf(body.access_token).kid).toBe(young!.kid);
    const { keys } = (await server.send('.well-known/openid-configuration/jwks')).body;
    expect(keys.map(({ kid }: { kid: string }) => kid)).toEqual([old!.kid, young!.kid]);
  });

  it('does not start without a key for each algorithm, and says what to do', async () => {
    await expect(run(await given())).rejects.toThrow(
      /signingAlgorithms: the store holds no key for it, .* the server makes none: add one .* \(got "ES256"\)/,
    );
  });

  it('does not start with two keys in the same place', async () => {
    const keys = await Promise.all([ec('P-256'), ec('P-256')].map(({ privateKey }) => read(pem(privateKey, 'sec1'))));
    expect(() => new InMemorySigningKeyStore(keys)).toThrow(/Give each key of an algorithm a generation of its own/);
  });
});
