import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { SigningKeyStore } from '@tessera/resource-model';
import { KeyRing } from '../keys/key-ring.js';
import { claimsOf, headerOf, run, type RunningServer, seed } from '../running-server.spec.fixture.js';

let server: RunningServer;
let genuine: string;
let publicPem: string;
beforeAll(async () => {
  server = await run({ signingAlgorithms: ['RS256', 'ES256'] });
  genuine = await token();
  const { keys } = (await server.send('.well-known/openid-configuration/jwks')).body;
  const { createPublicKey } = await import('node:crypto');
  publicPem = createPublicKey({ key: keys[0], format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString();
});
const token = async (): Promise<string> => {
  const form = { grant_type: 'password', username: 'alice', password: 'ecila', scope: 'openid api1' };
  return (await server.post('connect/token', form, { basic: 'ropg_client:secret' })).body.access_token as string;
};
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Both places that read access tokens: neither may take it. */
const expectRefused = async (forged: string) => {
  const userinfo = await server.send('connect/userinfo', { headers: { authorization: `Bearer ${forged}` } });
  const introspection = await server.post('connect/introspect', { token: forged }, { basic: 'ropg_client:secret' });
  expect([userinfo.status, introspection.text]).toEqual([401, '{"active":false}']);
};

describe('A forged access token is refused', () => {
  it('while the genuine one is taken', async () => {
    const { status } = await server.send('connect/userinfo', { headers: { authorization: `Bearer ${genuine}` } });
    expect(status).toBe(200);
  });

  it.each(['none', 'None', 'NONE', ''])('with alg "%s" and no signature', async (alg) => {
    const payload = encode(claimsOf(genuine));
    await expectRefused(`${encode({ ...headerOf(genuine), alg })}.${payload}.`);
    await expectRefused(`${encode({ alg, typ: 'at+jwt' })}.${payload}.`);
  });

  it('with its signature cut off', async () => {
    const [header, payload] = genuine.split('.');
    for (const cut of [`${header}.${payload}.`, `${header}.${payload}`, `${header}..`, `${genuine}.`, `${genuine}.x`])
      await expectRefused(cut);
  });

  it('signed by HS256 with the public key as the secret', async () => {
    const data = `${encode({ ...headerOf(genuine), alg: 'HS256' })}.${encode(claimsOf(genuine))}`;
    for (const secret of [publicPem, publicPem.trim()]) {
      await expectRefused(`${data}.${createHmac('sha256', secret).update(data).digest('base64url')}`);
    }
  });

  it('signed with a key of its own, named or brought along by jwk, jku, x5u or x5c', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwk = publicKey.export({ format: 'jwk' });
    for (const more of [
      {},
      { jwk },
      { jku: `${server.url}/jwks` },
      { x5u: `${server.url}/cert` },
      { x5c: ['MII'] },
      { kid: 'other' },
    ]) {
      const data = `${encode({ ...headerOf(genuine), ...more })}.${encode(claimsOf(genuine))}`;
      await expectRefused(`${data}.${sign('sha256', Buffer.from(data), privateKey).toString('base64url')}`);
    }
  });

  it('with other claims under a genuine signature', async () => {
    const [header, , signature] = genuine.split('.');
    await expectRefused(`${header}.${encode({ ...claimsOf(genuine), sub: 'subject-of-bob' })}.${signature}`);
  });

  it('with the same signature written in another way: no two texts are the same token', async () => {
    const [header, payload, signature] = genuine.split('.') as [string, string, string];
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = alphabet.indexOf(signature.at(-1)!);
    const sameBytes = alphabet[last ^ 1]!;
    for (const other of [
      signature.slice(0, -1) + sameBytes,
      `${signature}=`,
      `${signature}==`,
      ` ${signature}`,
      `${signature}A`,
    ]) {
      await expectRefused(`${header}.${payload}.${other}`);
    }
  });

  it('with the header of a key of another algorithm', async () => {
    const { keys } = (await server.send('.well-known/openid-configuration/jwks')).body;
    const [, payload, signature] = genuine.split('.');
    await expectRefused(`${encode({ alg: 'ES256', typ: 'at+jwt', kid: keys[1].kid })}.${payload}.${signature}`);
    await expectRefused(`${encode({ alg: 'RS256', typ: 'at+jwt', kid: keys[1].kid })}.${payload}.${signature}`);
  });

  it('that is an id_token of the same key', async () => {
    const form = { grant_type: 'password', username: 'alice', password: 'ecila', scope: 'openid api1' };
    await expectRefused((await server.post('connect/token', form, { basic: 'ropg_client:secret' })).body.id_token);
  });

  it('of another server with the same key', async () => {
    const [key] = await server.app.get(SigningKeyStore).list();
    const other = await run({ issuer: 'https://other.example.com', signingAlgorithms: ['RS256'] });
    await other.app.get(SigningKeyStore).add({ ...key!, generation: 2 });
    await other.app.get(KeyRing).reload();
    const { body } = await other.post(
      'connect/token',
      { grant_type: 'client_credentials' },
      { basic: 'simple_client:secret' },
    );
    expect(headerOf(body.access_token).kid).toBe(key!.kid);
    await expectRefused(body.access_token);
  });

  it('of a key that has been removed', async () => {
    const old = await run({ users: seed.users });
    const form = { grant_type: 'password', username: 'alice', password: 'ecila', scope: 'openid' };
    const { access_token } = (await old.post('connect/token', form, { basic: 'ropg_client:secret' })).body;
    const userinfo = () => old.send('connect/userinfo', { headers: { authorization: `Bearer ${access_token}` } });
    expect((await userinfo()).status).toBe(200);
    const store = old.app.get(SigningKeyStore);
    for (const { kid } of await store.list()) await store.remove(kid);
    await old.app.get(KeyRing).reload();
    expect((await userinfo()).status).toBe(401);
  });

  it('that has expired, to the second', async () => {
    server.clock.advance(3599);
    expect((await server.send('connect/userinfo', { headers: { authorization: `Bearer ${genuine}` } })).status).toBe(
      200,
    );
    server.clock.advance(1);
    await expectRefused(genuine);
  });

  it('that is a refresh token, or a mutation of the genuine one at any place', async () => {
    const fresh = await token();
    for (let i = 0; i < fresh.length; i += 7) {
      const character = fresh[i] === 'A' ? 'B' : 'A';
      await expectRefused(fresh.slice(0, i) + character + fresh.slice(i + 1));
    }
  });
});
