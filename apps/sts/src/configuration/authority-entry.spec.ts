import { describe, expect, it } from '@jest/globals';
import { describeFault, type Fault } from '@tessera/resource-model';
import { temporaryFile } from '../temporary-folder.fixture.js';
import { readAuthorities } from './authority-entry.js';

const one = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';
const other = '-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----';

function read(entry: unknown): { found: unknown[]; faults: string[] } {
  const faults: Fault[] = [];
  const found = readAuthorities(entry, 'outgoing.certificateAuthorities[0]', faults);
  return { found, faults: faults.map(describeFault) };
}

describe('The certificates of an authority', () => {
  it('may stand in the configuration file as they are', () => {
    expect(read(one)).toEqual({ found: [one], faults: [] });
  });

  it('may stand in a file of their own, several of them with whatever is between', () => {
    const file = temporaryFile(`# of the suite\n${one}\n\n${other}\n`);
    expect(read({ file })).toEqual({ found: [one, other], faults: [] });
  });

  it.each<[string, unknown, RegExp]>([
    ['is not there', { file: '/nowhere/ca.pem' }, /\[0\]\.file.*cannot be read/],
    ['has no certificate in it', { file: temporaryFile('hello') }, /\[0\]\.file.*without a certificate/],
    ['is not named', { file: '' }, /must be a certificate in PEM form, or an object with file alone/],
    ['is named beside something else', { file: 'ca.pem', plain: one }, /with file alone/],
  ])('are a fault where the file %s', (_what, entry, problem) => {
    const { found, faults } = read(entry);
    expect(found).toEqual([]);
    expect(faults).toEqual([expect.stringMatching(problem)]);
  });
});
