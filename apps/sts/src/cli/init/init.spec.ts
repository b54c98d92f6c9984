import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { sha256 } from '@tessera/resource-model';
import { temporaryFile, temporaryFolder } from '../../temporary-folder.fixture.js';
import { sts } from '../running-cli.fixture.js';

describe('sts init', () => {
  it('writes a file that is valid, in production too, and shows the secret whose hash is in it', async () => {
    const file = join(temporaryFolder(), 'sts.yaml');
    const { exitCode, output } = await sts(['init', file, '--issuer', 'https://login.example.org']);
    expect(exitCode).toBe(0);
    const text = readFileSync(file, 'utf8');
    const secret = /only now: (\S{43})\n/.exec(output)![1]!;
    expect(text).toContain(sha256(secret));
    expect(text).not.toContain(secret);
    expect(text).toContain('issuer: "https://login.example.org"');

    const production = {
      NODE_ENV: 'production',
      STS_TLS: 'off',
      STS_TRUST_PROXY: 'loopback',
      STS_ENCRYPTION_KEYS: Buffer.alloc(32, 7).toString('base64'),
    };
    expect(await sts(['config', 'validate', file], { variables: production })).toMatchObject({
      exitCode: 0,
      errors: '',
    });
  });

  it('leads an editor to the schema', async () => {
    const file = join(temporaryFolder(), 'sts.yaml');
    await sts(['init', file]);
    const path = /^# yaml-language-server: \$schema=(.*)\n/.exec(readFileSync(file, 'utf8'))![1]!;
    expect(JSON.parse(readFileSync(resolve(dirname(file), path), 'utf8'))).toHaveProperty('$schema');
  });

  it('makes another secret each time, also for programs', async () => {
    const folder = temporaryFolder();
    const made = [await sts(['init', join(folder, 'a'), '--json']), await sts(['init', join(folder, 'b'), '--json'])];
    const [first, second] = made.map(({ json }) => json());
    expect(first).toEqual({
      file: join(folder, 'a'),
      issuer: 'https://id.example.com',
      clientId: 'my-service',
      clientSecret: expect.stringMatching(/^\S{43}$/),
    });
    expect(first.clientSecret).not.toBe(second.clientSecret);
  });

  it('leaves a file as it is, unless it is forced', async () => {
    const file = temporaryFile('precious');
    const { exitCode, errors } = await sts(['init', file]);
    expect([exitCode, readFileSync(file, 'utf8')]).toEqual([1, 'precious']);
    expect(errors).toMatch(/is there already and stays as it is\. .*--force\.\n$/);
    expect((await sts(['init', file, '--force'])).exitCode).toBe(0);
    expect(readFileSync(file, 'utf8')).not.toContain('precious');
  });

  it('refuses an issuer that is no URL, and writes nothing', async () => {
    const file = join(temporaryFolder(), 'sts.yaml');
    expect(await sts(['init', file, '--issuer', 'id.example.com'])).toMatchObject({ exitCode: 2 });
    expect(() => readFileSync(file)).toThrow('ENOENT');
  });
});
