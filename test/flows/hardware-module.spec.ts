import 'reflect-metadata';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { KeyRing, SigningKeyStore } from '@tessera/token-server';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { fencedBlocks } from '../fenced-blocks.js';
import { basic, type Requests, requestsTo } from '../requests.js';

// SoftHSM is a hardware module without hardware: Debian's package softhsm2.
const library = ['/usr/lib/softhsm/libsofthsm2.so', '/usr/local/lib/softhsm/libsofthsm2.so'].find(existsSync);
const lacking = missing();
if (lacking) console.warn(`Keys in a hardware module are not tested: ${lacking}.`);

test.each(['hardware-module.ts', 'hardware-key.vault.ts', 'app.module.ts'])(
  'the guide shows %s as it is run here',
  (file) => {
    const shown = fencedBlocks('keys.md').find(({ attributes }) => attributes.title === `src/${file}`);
    expect(shown?.text).toBe(readFileSync(new URL(`hardware-module/${file}`, import.meta.url), 'utf8'));
  },
);

(lacking ? describe.skip : describe)('The keys of a server whose vault is a hardware module', () => {
  let folder: string;
  let app: INestApplication;
  let requests: Requests;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tessera-hsm-'));
    initializeToken(folder);
    Object.assign(process.env, { HSM_LIBRARY: library, HSM_TOKEN: 'tessera', HSM_PIN_FILE: join(folder, 'pin') });
    const { AppModule } = await import('./hardware-module/app.module.js');
    app = await NestFactory.create(AppModule, { logger: ['warn', 'error'], abortOnError: false });
    await app.listen(0, '127.0.0.1');
    requests = requestsTo(await app.getUrl(), fetch);
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true });
  });

  const tokenFor = async (scope: string) =>
    (await requests.form('connect/token', { grant_type: 'client_credentials', scope }, basic('simple_client'))).body
      .access_token as string;
  const keySet = async () => (await requests.send('.well-known/openid-configuration/jwks')).body;
  const verify = async (token: string) => jwtVerify(token, createLocalJWKSet(await keySet()));
  const stored = () => app.get(SigningKeyStore, { strict: false }).list();

  test.each([
    ['api1', 'ES256'],
    ['api2', 'RS256'],
  ])('sign tokens for %s by %s, which others verify by the key set', async (scope, algorithm) => {
    for (let count = 0; count < 5; count++) {
      const { protectedHeader, payload } = await verify(await tokenFor(scope));
      expect([protectedHeader.alg, payload.aud]).toEqual([algorithm, scope]);
    }
  });

  test('sign many tokens at once', async () => {
    const tokens = await Promise.all(Array.from({ length: 50 }, (_, i) => tokenFor(i % 2 === 0 ? 'api1' : 'api2')));
    const keys = createLocalJWKSet(await keySet());
    await Promise.all(tokens.map((token) => jwtVerify(token, keys)));
  });

  test('never leave it: neither store nor key set has a private half, and the module gives none', async () => {
    const keys = await stored();
    expect(keys.map(({ privateJwk }) => Object.keys(privateJwk).sort().join())).toEqual([
      'crv,hardwareId,kty,x,y',
      'e,hardwareId,kty,n',
    ]);
    expect((await keySet()).keys.flatMap(Object.keys)).not.toContain('hardwareId');
    const [{ HardwareModule }, { default: pkcs11js }] = await Promise.all([
      import('./hardware-module/hardware-module.js'),
      import('pkcs11js'),
    ]);
    const hardware = app.get(HardwareModule, { strict: false });
    for (const { privateJwk } of keys) {
      const key = hardware.privateKey(Buffer.from(privateJwk.hardwareId as string, 'hex'));
      const secret = 'n' in privateJwk ? pkcs11js.CKA_PRIVATE_EXPONENT : pkcs11js.CKA_VALUE;
      expect(hardware.read(key, [{ type: pkcs11js.CKA_EXTRACTABLE }])).toEqual([Buffer.from([0])]);
      expect(() => hardware.read(key, [{ type: secret }])).toThrow(/CKR_ATTRIBUTE_SENSITIVE/);
    }
  });

  test('are renewed: a new one is made in the module, and the old ones verify until they are revoked and destroyed there', async () => {
    const { HardwareModule } = await import('./hardware-module/hardware-module.js');
    const hardware = app.get(HardwareModule, { strict: false });
    const ring = app.get(KeyRing, { strict: false });
    const old = await tokenFor('api1');
    const oldKey = (await stored()).find(({ kid }) => kid === decodeProtectedHeader(old).kid)!;
    const { kid } = await ring.rotate('ES256', 0);
    expect((await verify(await tokenFor('api1'))).protectedHeader.kid).toBe(kid);
    await verify(old);
    await ring.revoke(oldKey.kid);
    await expect(verify(old)).rejects.toThrow();
    const id = Buffer.from(oldKey.privateJwk.hardwareId as string, 'hex');
    expect(() => hardware.privateKey(id)).toThrow(/has no private key/);
  });
});

function missing(): string | undefined {
  if (!library) return 'SoftHSM is not installed (apt-get install softhsm2)';
  try {
    createRequire(import.meta.url).resolve('pkcs11js');
    return undefined;
  } catch {
    return 'the optional package pkcs11js could not be built here';
  }
}

function initializeToken(folder: string): void {
  const configuration = join(folder, 'softhsm2.conf');
  mkdirSync(join(folder, 'tokens'));
  writeFileSync(configuration, `directories.tokendir = ${join(folder, 'tokens')}\nlog.level = ERROR\n`);
  writeFileSync(join(folder, 'pin'), '1234\n');
  // The library asks the process itself; `process.env` of a test is a copy.
  (runInThisContext('process') as NodeJS.Process).env.SOFTHSM2_CONF = configuration;
  const env = { ...process.env, SOFTHSM2_CONF: configuration };
  const label = ['--label', 'tessera', '--pin', '1234', '--so-pin', '5678'];
  execFileSync('softhsm2-util', ['--init-token', '--free', ...label], { env, stdio: 'pipe' });
}
