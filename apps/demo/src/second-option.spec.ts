import { describe, expect, it } from '@jest/globals';
import { withSecondAddress } from './second-option.js';

describe('The option --second', () => {
  it.each([
    [['--second'], ['--second=https://localhost:7002']],
    [
      ['--second', '--verbose'],
      ['--second=https://localhost:7002', '--verbose'],
    ],
    [
      ['--second', 'https://localhost:7443'],
      ['--second', 'https://localhost:7443'],
    ],
    [['--second=https://localhost:7443'], ['--second=https://localhost:7443']],
    [
      ['--web', 'https://localhost:7443'],
      ['--web', 'https://localhost:7443'],
    ],
  ])('of %j is read as %j', (args, read) => expect(withSecondAddress(args)).toEqual(read));
});
