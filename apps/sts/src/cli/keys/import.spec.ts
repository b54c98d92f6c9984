import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { FileSigningKeyStore } from '@tessera/token-server';
import { calculateJwkThumbprint } from 'jose';
import { smallConfiguration } from '../../running-sts.fixture.js';
import { temporaryFile, temporaryFolder } from '../../temporary-folder.fixture.js';
import { sts } from '../running-cli.fixture.js';

const passphrase = 'pässwörd hunter2';
const config = temporaryFile(smallConfiguration.replace('[ES256]', '[ES256, RS256]'));
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const pem = (key: KeyObject, type: 'pkcs8' | 'pkcs1' | 'sec1', secret?: string) =>
  key.export({ format: 'pem', type, ...(secret && { cipher: 'aes-256-cbc', passphrase: secret }) } as never) as string;
const file = (content: string) => temporaryFile(content, 'key.pem');

/** What a server would keep its keys in. */
function server() {
  const data = temporaryFolder();
  const variables = { STS_CONFIG: config, STS_DATA: data, STS_DATABASE_URL: 'memory:' };
  return { variables, store: new FileSigningKeyStore(join(data, 'signing-keys.json')) };
}

const taken = async (key: KeyObject) => calculateJwkThumbprint(key.export({ format: 'jwk' }));

describe('sts keys import', () => {
  const encryptedPem = file(pem(rsa, 'pkcs8', passphrase));
  const passphraseFile = temporaryFile(`${passphrase}\n`, 'passphrase');

  it.each([
    ['PKCS#8', rsa, file(pem(rsa, 'pkcs8'))],
    ['PKCS#1', rsa, file(pem(rsa, 'pkcs1'))],
    ['SEC 1', ec, file(pem(ec, 'sec1'))],
    ['JWK', ec, file(JSON.stringify(ec.export({ format: 'jwk' })))],
  ])('reads %s', async (_form, key, path) => {
    const { variables, store } = server();
    const { exitCode, output } = await sts(['keys', 'import', path], { variables });
    expect([exitCode, output]).toEqual([0, expect.stringContaining('it signs from now on.')]);
    expect(await store.kids()).toEqual([await taken(key)]);
  });

  it('announces the key where another signs, unless it is to sign at once', async () => {
    const { variables, store } = server();
    await sts(['keys', 'rotate', '--algorithm', 'ES256'], { variables });
    const [first] = await store.list();
    const announced = await sts(['keys', 'import', file(pem(ec, 'sec1'))], { variables });
    expect(announced.output).toMatch(/it is announced, and signs from \S+ on \(in 14 days\)/);
    expect(announced.errors).toMatch(/Nothing else needs to be done.*keys\.automatic: false leaves all to you/s);
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const { json } = await sts(['keys', 'import', file(pem(other, 'pkcs8')), '--now', '--json'], { variables });
    expect(json()).toMatchObject({ kid: await taken(other), state: 'signing', before: first!.kid });
  });

  it.each([
    ['a file', ['--passphrase-file', passphraseFile], undefined],
    ['standard input', ['--passphrase-stdin'], `${passphrase}\n`],
  ])('takes the passphrase from %s', async (_place, args, input) => {
    const { variables, store } = server();
    const { exitCode, output, errors } = await sts(['keys', 'import', encryptedPem, ...args], { variables, input });
    expect([exitCode, await store.kids()]).toEqual([0, [await taken(rsa)]]);
    expect(output + errors).not.toContain('hunter2');
  });

  it('asks for the passphrase, shows none, and says how to give it where nobody can be asked', async () => {
    const { variables, store } = server();
    const asked = await sts(['keys', 'import', encryptedPem], { variables });
    expect([asked.exitCode, asked.errors]).toEqual([
      2,
      'The passphrase is missing: give it by --passphrase-file or --passphrase-stdin.\n',
    ]);
    const typed = await sts(['keys', 'import', encryptedPem], { variables, input: `${passphrase}\n`, isTTY: true });
    expect([typed.exitCode, await store.kids()]).toEqual([0, [await taken(rsa)]]);
    expect(typed.output + typed.errors).not.toContain('hunter2');
  });

  it.each([
    ['a wrong passphrase', [encryptedPem, '--passphrase-stdin'], /cannot be opened with this passphrase\.$/],
    ['a public key', [file(publicPem(ec))], /holds a public key and no private key/],
    ['an RSA key that is too short', [file(pem(short(), 'pkcs8'))], /1024 bits, which is too short: at least 2048/],
    [
      'an algorithm that the key does not fit',
      [file(pem(ec, 'pkcs8')), '--algorithm', 'RS256'],
      /signs with ES256 alone/,
    ],
    [
      'an algorithm with which the server does not sign',
      [file(pem(rsa, 'pkcs8')), '--algorithm', 'PS256'],
      /holds a key for PS256, and the server signs with ES256, RS256: give --algorithm if/,
    ],
    ['a file that is not there', ['/nowhere/key.pem'], /^\/nowhere\/key\.pem cannot be read: ENOENT/],
    ['something else', [file('hello')], /holds neither PEM nor JWK/],
  ])('refuses %s', async (_what, args, says) => {
    const { variables, store } = server();
    const { exitCode, errors } = await sts(['keys', 'import', ...args], { variables, input: 'wrong hunter2' });
    expect([exitCode, errors.trim()]).toEqual([1, expect.stringMatching(says)]);
    expect([await store.list(), errors.includes('hunter2')]).toEqual([[], false]);
  });

  it('refuses a key that is here already', async () => {
    const { variables, store } = server();
    const path = file(pem(ec, 'pkcs8'));
    await sts(['keys', 'import', path], { variables });
    const { exitCode, errors } = await sts(['keys', 'import', path], { variables });
    expect([exitCode, errors]).toEqual([1, expect.stringMatching(/is here already: sts keys list shows \S{43}\.\n$/)]);
    expect(await store.list()).toHaveLength(1);
  });
});

describe('sts keys import, of a PKCS#12 file', () => {
  const folder = temporaryFolder();
  const path = (name: string) => join(folder, name);
  /** As people make such files. */
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });

  beforeAll(() => {
    for (const [name, key] of [
      ['rsa', rsa],
      ['ec', ec],
    ] as const) {
      writeFileSync(path(`${name}.pem`), pem(key, 'pkcs8'));
      openssl('req', '-x509', '-key', `${name}.pem`, '-subj', '/CN=sign', '-days', '1', '-out', `${name}.crt`);
    }
  });

  function pkcs12(name: string, key: 'rsa' | 'ec', secret: string, ...more: string[]): string {
    const input = ['-inkey', `${key}.pem`, '-in', `${key}.crt`];
    openssl('pkcs12', '-export', ...input, '-passout', `pass:${secret}`, '-out', name, ...more);
    return path(name);
  }

  it.each([
    ['PBES2', 'rsa', []],
    ['PBES2', 'ec', []],
    ['triple DES (-legacy)', 'rsa', ['-legacy']],
    ['triple DES (-legacy)', 'ec', ['-legacy']],
    ['triple DES and a SHA-1 MAC', 'ec', ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1']],
    ['no encryption of its own', 'ec', ['-keypbe', 'NONE']],
    ['no MAC', 'ec', ['-nomac']],
  ] as const)('reads a key with %s: %s', async (_form, name, more) => {
    const { variables, store } = server();
    const given = pkcs12('key.p12', name, passphrase, ...more);
    const args = ['keys', 'import', given, '--passphrase-stdin'];
    const wrong = await sts(args, { variables, input: 'open hunter2' });
    expect([wrong.exitCode, wrong.errors]).toEqual([1, `${given} cannot be opened with this passphrase.\n`]);
    const { exitCode, errors } = await sts(args, { variables, input: passphrase });
    expect([exitCode, errors.includes('hunter2')]).toEqual([0, false]);
    expect(await store.kids()).toEqual([await taken(name === 'rsa' ? rsa : ec)]);
  });

  it('asks for no passphrase where it is empty, and for one where it is not', async () => {
    const { variables, store } = server();
    const asked = await sts(['keys', 'import', pkcs12('closed.pfx', 'ec', passphrase)], { variables });
    expect(asked.errors).toMatch(/^The passphrase is missing/);
    expect((await sts(['keys', 'import', pkcs12('open.pfx', 'ec', '')], { variables })).exitCode).toBe(0);
    expect(await store.kids()).toEqual([await taken(ec)]);
  });

  it('refuses a file without a key, and one that is cut off', async () => {
    const { variables } = server();
    openssl('pkcs12', '-export', '-nokeys', '-in', 'ec.crt', '-passout', 'pass:', '-out', 'none.p12');
    const none = await sts(['keys', 'import', path('none.p12')], { variables });
    expect([none.exitCode, none.errors]).toEqual([
      1,
      expect.stringMatching(/none\.p12 holds no private key that can be/),
    ]);
    writeFileSync(path('cut.p12'), Buffer.from([0x30, 0x82, 0x04, 0x00, 0x02, 0x01, 0x03]));
    const cut = await sts(['keys', 'import', path('cut.p12')], { variables });
    expect([cut.exitCode, cut.errors]).toEqual([1, expect.stringMatching(/cut\.p12 is not text/)]);
  });
});

function publicPem(key: KeyObject): string {
  const { d: _d, ...jwk } = key.export({ format: 'jwk' });
  return `-----BEGIN PUBLIC KEY-----\n${Buffer.from(JSON.stringify(jwk)).toString('base64')}\n-----END PUBLIC KEY-----\n`;
}

function short(): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
}
