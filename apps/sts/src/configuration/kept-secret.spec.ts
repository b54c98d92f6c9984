import { describe, expect, it } from '@jest/globals';
import type { Fault } from '@tessera/resource-model';
import { temporaryFile } from '../temporary-folder.fixture.js';
import { readKeptSecret } from './kept-secret.js';
import { describeFaults, locateFaults } from './located-faults.js';

const path = 'clients[0].assertionSecret';

function read(entry: unknown, variables: Record<string, string> = {}) {
  const faults: Fault[] = [];
  const secret = readKeptSecret(entry, path, variables, faults);
  return { secret, messages: describeFaults(locateFaults(faults, undefined), 'sts.yaml').join('\n') };
}

describe('A secret that is kept as it is', () => {
  it.each<[unknown, Record<string, string>]>([
    ['hunter2', {}],
    [{ plain: 'hunter2' }, {}],
    [{ env: 'SHOP_SECRET' }, { SHOP_SECRET: 'hunter2' }],
    [{ file: temporaryFile('hunter2\n', 'secret') }, {}],
  ])('may be given as %j', (entry, variables) => {
    expect(read(entry, variables)).toEqual({ secret: 'hunter2', messages: '' });
  });

  it('may be left out', () => expect(read(undefined)).toEqual({ secret: undefined, messages: '' }));

  it.each<[unknown, string]>([
    [{}, 'exactly one of plain, env, file'],
    [{ sha256: 'hunter2' }, 'exactly one of plain, env, file'],
    [{ plain: 'hunter2', env: 'X' }, 'exactly one of plain, env, file'],
    [{ plain: 2 }, 'which is text'],
    [7, 'must be text'],
    [null, 'must be text'],
    [{ env: 'SHOP_SECRET' }, 'clients[0].assertionSecret.env: names the variable SHOP_SECRET, which is not set'],
    [{ env: 'hunter2' }, 'the secret itself would be plain'],
    [{ file: '/nowhere/at/all' }, 'names a file that cannot be read'],
  ])('is told to be wrong, and never shown: %j', (entry, words) => {
    const { secret, messages } = read(entry);
    expect(secret).toBeUndefined();
    expect(messages).toContain(words);
    expect(messages).not.toContain('hunter2');
  });
});
