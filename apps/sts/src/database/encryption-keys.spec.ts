import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readEnvironment } from '../configuration/environment.js';
import { temporaryFolder } from '../temporary-folder.fixture.js';
import { encryptionKeysOf } from './encryption-keys.js';

const keysIn = (data: string, variables: Record<string, string> = {}) =>
  encryptionKeysOf(readEnvironment({ STS_DATA: data, ...variables }).environment);

describe('The encryption keys', () => {
  it('are those that are given, and then no file is made', () => {
    const key = Buffer.alloc(32, 1).toString('base64');
    const data = temporaryFolder();
    expect(keysIn(data, { STS_ENCRYPTION_KEYS: `${key}, ${key}` })).toEqual([key, key]);
    expect(() => statSync(join(data, 'encryption.key'))).toThrow('ENOENT');
  });

  it('are otherwise one in a file that its owner alone may read, made once', () => {
    const data = join(temporaryFolder(), 'new');
    const made = keysIn(data);
    expect(Buffer.from(made[0]!, 'base64')).toHaveLength(32);
    expect(keysIn(data)).toEqual(made);
    expect(statSync(join(data, 'encryption.key')).mode & 0o777).toBe(0o600);
  });

  it('in a file are never made anew, whatever it holds', () => {
    const data = temporaryFolder();
    writeFileSync(join(data, 'encryption.key'), 'broken');
    expect(keysIn(data)).toEqual(['broken']);
    expect(readFileSync(join(data, 'encryption.key'), 'utf8')).toBe('broken');
  });
});
