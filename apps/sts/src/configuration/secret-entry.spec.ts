import { describe, expect, it } from '@jest/globals';
import { type Fault, sha256, sha512 } from '@tessera/resource-model';
import { temporaryFile } from '../temporary-folder.fixture.js';
import { describeFaults, locateFaults } from './located-faults.js';
import { readSecret } from './secret-entry.js';

const path = 'clients[0].clientSecrets[0]';

function read(entry: unknown, variables: Record<string, string> = {}) {
  const faults: Fault[] = [];
  const secret = readSecret(entry, path, variables, faults);
  return { secret, faults, messages: describeFaults(locateFaults(faults, undefined), 'sts.yaml').join('\n') };
}

describe('A secret of the file', () => {
  it.each([
    ['sha256', sha256('hunter2'), {}],
    ['plain', 'hunter2', {}],
    ['env', 'SHOP_SECRET', { SHOP_SECRET: 'hunter2' }],
  ])('is kept as its hash when it is given as %s', (source, value, variables) => {
    const { secret, faults } = read({ [source]: value }, variables);
    expect(faults).toEqual([]);
    expect(secret).toEqual({ type: 'sharedSecret', value: sha256('hunter2') });
  });

  it('may be given as its SHA-512', () => {
    expect(read({ sha512: sha512('hunter2') })).toMatchObject({ secret: { value: sha512('hunter2') }, faults: [] });
  });

  it.each(['hunter2', 'hunter2\n', 'hunter2\r\n'])(
    'may stand in a file, whose last line end does not count: %j',
    (text) => {
      expect(read({ file: temporaryFile(text, 'secret') }).secret.value).toBe(sha256('hunter2'));
    },
  );

  it('keeps every other character of its file', () => {
    expect(read({ file: temporaryFile(' hunter2 \n\n', 'secret') }).secret.value).toBe(sha256(' hunter2 \n'));
  });

  it('carries a description', () => {
    expect(read({ plain: 'x', description: 'until spring' }).secret.description).toBe('until spring');
  });

  it.each([
    [1_800_000_000, 1_800_000_000],
    ['2027-01-31', Date.UTC(2027, 0, 31) / 1000],
    ['2027-01-31T12:00Z', Date.UTC(2027, 0, 31, 12) / 1000],
    ['2027-01-31T12:00:00.5+02:00', Date.UTC(2027, 0, 31, 10) / 1000],
  ])('ends at %j', (expiration, seconds) => {
    expect(read({ plain: 'x', expiration })).toMatchObject({ secret: { expiration: seconds }, faults: [] });
  });

  it.each([0, -1, 1.5, 1e300, true, {}, '', '1', 'soon', 'May 2027', '2027-02-31', '2027-13-01', '2027-01-31T12:00'])(
    'cannot end at %j',
    (expiration) => {
      const { faults } = read({ plain: 'x', expiration });
      expect(faults).toMatchObject([{ path: `${path}.expiration`, problem: expect.stringContaining('2027-01-31') }]);
    },
  );

  it.each([null, undefined, 'hunter2', 5, true, [], ['hunter2'], [{ plain: 'hunter2' }]])('is no %j', (entry) => {
    const { faults, messages } = read(entry);
    expect(faults).toMatchObject([{ path, problem: expect.stringContaining('must be an object') }]);
    expect(messages).not.toContain('hunter2');
  });

  it.each([
    [{}, 'none of them'],
    [{ description: 'hunter2' }, 'none of them'],
    [{ plain: null }, 'none of them'],
    [{ plain: 'hunter2', sha256: sha256('hunter2') }, 'sha256 and plain'],
    [{ env: 'A', file: 'b' }, 'env and file'],
  ])('has exactly one source: %j', (entry, problem) => {
    const { faults, messages } = read(entry, { A: 'hunter2' });
    expect(faults).toMatchObject([{ path, problem: expect.stringContaining(problem) }]);
    expect(messages).not.toContain('hunter2');
  });

  it.each(['sha256', 'sha512', 'plain', 'env', 'file'])('is text, and not empty, as %s', (source) => {
    for (const value of ['', 5, true, {}, ['hunter2']]) {
      const { faults, messages } = read({ [source]: value });
      expect(faults).toMatchObject([{ path: `${path}.${source}`, problem: expect.stringContaining('must be text') }]);
      expect(messages).not.toContain('hunter2');
    }
  });

  it.each([
    { sha256: 'hunter2' },
    { sha256: sha512('hunter2') },
    { sha512: sha256('hunter2') },
    { sha256: ` ${sha256('hunter2')}` },
    { sha256: sha256('hunter2').replace('=', '') },
    { sha256: Buffer.from(sha256('hunter2'), 'base64').toString('hex') },
  ])('is refused when its hash is none, without being repeated: %j', (entry) => {
    const { faults, messages } = read(entry);
    expect(faults).toMatchObject([{ problem: expect.stringContaining('openssl dgst') }]);
    expect(messages).not.toContain(Object.values(entry)[0]);
  });

  it('names a variable that is missing or empty', () => {
    for (const variables of [{}, { SHOP_SECRET: '' }]) {
      expect(read({ env: 'SHOP_SECRET' }, variables as Record<string, string>).messages).toBe(
        `${path}.env: names the variable SHOP_SECRET, which is not set or empty: set it, or correct the name`,
      );
    }
  });

  it('is not repeated when it was written where the name of its variable belongs', () => {
    const { messages } = read({ env: 'hunter2/Xyz=' });
    expect(messages).toContain('must be the name of a variable');
    expect(messages).not.toContain('hunter2');
  });

  it('is not found in what every object inherits', () => {
    expect(read({ env: 'constructor' }).faults).toHaveLength(1);
  });

  it('names a file that is missing, empty or a folder', () => {
    expect(read({ file: '/nowhere/secret' }).messages).toMatch(/cannot be read: ENOENT.*\/nowhere\/secret/);
    expect(read({ file: temporaryFile('\n', 'secret') }).messages).toContain('is empty');
    expect(read({ file: '/' }).messages).toContain('EISDIR');
  });

  it('suggests the property that was meant, and does not repeat what was mistyped', () => {
    const { messages } = read({ plian: 'hunter2', plain: 'x' });
    expect(messages).toBe(`${path}.plian: is not a property of a secret; did you mean plain?`);
  });
});
