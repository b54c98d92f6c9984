import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { FileSigningKeyStore, generateSigningKey } from '@tessera/token-server';
import { smallConfiguration } from '../../running-sts.fixture.js';
import { temporaryFile, temporaryFolder } from '../../temporary-folder.fixture.js';
import { sts } from '../running-cli.fixture.js';

const data = temporaryFolder();
const variables = { STS_CONFIG: temporaryFile(smallConfiguration), STS_DATA: data, STS_DATABASE_URL: 'memory:' };
const createdAt = Math.floor(Date.now() / 1000) - 3 * 86_400;

describe('sts keys list', () => {
  beforeAll(async () => {
    const store = new FileSigningKeyStore(join(data, 'signing-keys.json'));
    await store.add(await generateSigningKey('ES256', createdAt));
  });

  it('lists the keys in columns', async () => {
    const { exitCode, output } = await sts(['keys', 'list'], { variables });
    expect(exitCode).toBe(0);
    const [head, row, ...rest] = output.split('\n');
    expect(rest).toEqual(['']);
    expect(head).toMatch(/^ALGORITHM {2}KID +STATE +CREATED +AGE$/);
    expect(row).toMatch(/^ES256 {6}\S{43} {2}signing {2}\S+Z {2}3 days ago$/);
    expect(head!.indexOf('STATE')).toBe(row!.indexOf('signing'));
  });

  it('gives programs a list without anything private', async () => {
    const { json } = await sts(['keys', 'list', '--json'], { variables });
    const created = new Date(createdAt * 1000).toISOString().replace('.000', '');
    expect(json()).toEqual([{ algorithm: 'ES256', kid: expect.any(String), state: 'signing', created }]);
  });

  it('says that there are none, and makes none', async () => {
    const result = await sts(['keys', 'list', '--data', join(data, 'none')], { variables });
    expect(result).toMatchObject({ exitCode: 0, output: '', errors: expect.stringContaining('There are no keys yet') });
  });

  it('says what to do about a file that cannot be read', async () => {
    const broken = join(temporaryFile('{', 'signing-keys.json'), '..');
    const { exitCode, errors } = await sts(['keys', 'list', '--data', broken], { variables });
    expect(exitCode).toBe(1);
    expect(errors).toMatch(/^The signing keys cannot be read: .* Put the file back/);
  });
});
