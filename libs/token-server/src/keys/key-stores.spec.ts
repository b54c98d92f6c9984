import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiResource, SigningKeyStore } from '@tessera/resource-model';
import { signingKeyStoreContract } from '@tessera/resource-model/testing';
import { FakeClock, headerOf, run, seed } from '../running-server.spec.fixture.js';
import { FileSigningKeyStore } from './file-signing-key.store.js';
import { generateSigningKey } from './generate-signing-key.js';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'tessera-keys-'))));
afterEach(() => rm(folder, { recursive: true }));
const path = () => join(folder, 'deeper', 'keys.json');
const useFile = () => ({ providers: [{ provide: SigningKeyStore, useValue: new FileSigningKeyStore(path()) }] });
const kid = async (server: Awaited<ReturnType<typeof run>>) => {
  const { body } = await server.post(
    'connect/token',
    { grant_type: 'client_credentials' },
    { basic: 'simple_client:secret' },
  );
  return headerOf(body.access_token).kid as string;
};

describe('FileSigningKeyStore', () => {
  signingKeyStoreContract(async () => new FileSigningKeyStore(path()));

  it('lets nobody but its owner read the file', async () => {
    await new FileSigningKeyStore(path()).add(await generateSigningKey('ES256', 1));
    expect((await stat(path())).mode & 0o777).toBe(0o600);
  });

  it('says what to do about a file that it cannot read, and leaves it as it is', async () => {
    await new FileSigningKeyStore(path()).add(await generateSigningKey('ES256', 1));
    await writeFile(path(), 'not JSON');
    await expect(new FileSigningKeyStore(path()).list()).rejects.toThrow(/Put the file back, or remove it/);
    await expect(run(useFile())).rejects.toThrow(/Put the file back/);
    expect(await readFile(path(), 'utf8')).toBe('not JSON');
  });
});

describe('A file of keys that were written before keys had a life', () => {
  it('is read with each key retired by the next of its algorithm, and takes further ones', async () => {
    const keys = [
      await generateSigningKey('ES256', 5),
      await generateSigningKey('EdDSA', 6),
      await generateSigningKey('ES256', 7),
    ];
    const old = keys.map(({ kid, algorithm, privateJwk, createdAt }) => ({ kid, algorithm, privateJwk, createdAt }));
    await mkdir(dirname(path()));
    await writeFile(path(), JSON.stringify({ keys: old }));
    const store = new FileSigningKeyStore(path());
    const lives = async () => (await store.list()).map(({ generation, signsFrom }) => [generation, signsFrom]);
    expect(await lives()).toEqual([
      [1, 5],
      [1, 6],
      [2, 7],
    ]);
    expect(await store.add(await generateSigningKey('ES256', 8, 2))).toBe(false);
    expect(await store.add(await generateSigningKey('ES256', 8, 3))).toBe(true);
    expect(await lives()).toEqual([
      [1, 5],
      [1, 6],
      [2, 7],
      [3, 8],
    ]);
  });
});

describe('The key ring', () => {
  it('keeps its keys over a restart', async () => {
    const first = await run(useFile());
    const before = await kid(first);
    await first.close();
    expect(await kid(await run(useFile()))).toBe(before);
  });

  it('makes a key for an algorithm that is new, and keeps the others', async () => {
    await (await run(useFile())).close();
    const server = await run({ ...useFile(), signingAlgorithms: ['EdDSA', 'ES256'] });
    const { keys } = (await server.send('.well-known/openid-configuration/jwks')).body;
    expect(keys.map(({ alg }: { alg: string }) => alg)).toEqual(['ES256', 'EdDSA']);
  });

  it('signs nothing more with an algorithm that is no longer configured, and accepts what it has signed', async () => {
    const before = await run({ ...useFile(), signingAlgorithms: ['ES256'] });
    const { access_token } = (
      await before.post('connect/token', { grant_type: 'client_credentials' }, { basic: 'simple_client:secret' })
    ).body;
    await before.close();
    const { scopes } = seed.apiResources[0]!;
    const allowedAccessTokenSigningAlgorithms = ['ES256', 'EdDSA'] as const;
    const apiResources = [
      new ApiResource('api1', 'My API', {
        scopes,
        allowedAccessTokenSigningAlgorithms: [...allowedAccessTokenSigningAlgorithms],
      }),
      seed.apiResources[1]!,
    ];
    const after = await run({ ...useFile(), signingAlgorithms: ['EdDSA'], apiResources });
    const { body } = await after.post(
      'connect/token',
      { grant_type: 'client_credentials' },
      { basic: 'simple_client:secret' },
    );
    expect(headerOf(body.access_token).alg).toBe('EdDSA');
    const introspected = await after.post(
      'connect/introspect',
      { token: access_token },
      { basic: 'simple_client:secret' },
    );
    expect(introspected.body.active).toBe(true);
  });

  it('signs with the newest of several keys of an algorithm, and accepts tokens of all', async () => {
    const store = new FileSigningKeyStore(path());
    const now = new FakeClock().now();
    const [old, young] = [await generateSigningKey('ES256', now - 60), await generateSigningKey('ES256', now, 2)];
    await store.add(old);
    const providers = [{ provide: SigningKeyStore, useValue: store }];
    const server = await run({ providers });
    const { access_token } = (
      await server.post('connect/token', { grant_type: 'client_credentials' }, { basic: 'simple_client:secret' })
    ).body;
    await server.close();
    await store.add(young);
    const later = await run({ providers });
    expect(await kid(later)).toBe(young.kid);
    const { body } = await later.post('connect/introspect', { token: access_token }, { basic: 'simple_client:secret' });
    expect([headerOf(access_token).kid, body.active]).toEqual([old.kid, true]);
  });
});
