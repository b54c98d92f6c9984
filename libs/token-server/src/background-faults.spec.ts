import { Logger } from '@nestjs/common';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { StoreUnavailableError } from '@tessera/resource-model';
import { BackgroundFaults } from './background-faults.js';

const away = () => Promise.reject(new StoreUnavailableError('The database does not answer.'));
const broken = new Error('broken');

describe('Work in the background', () => {
  const said: unknown[][] = [];
  const logger = new Logger();
  jest.spyOn(logger, 'warn').mockImplementation((...words) => void said.push(['warn', ...words]));
  jest.spyOn(logger, 'error').mockImplementation((...words) => void said.push(['error', ...words]));
  beforeEach(() => void said.splice(0));

  it('that the store keeps from being done is told of once, in one line', async () => {
    const faults = new BackgroundFaults('It failed', logger);
    for (let times = 0; times < 3; times++) await faults.watch(away());
    expect(said).toEqual([['warn', 'It failed: The database does not answer. It is tried again.']]);
    await faults.watch(Promise.resolve());
    await faults.watch(away());
    expect(said).toHaveLength(2);
  });

  it('that fails otherwise is told of each time, with all that is known', async () => {
    const faults = new BackgroundFaults('It failed', logger);
    for (let times = 0; times < 2; times++) await faults.watch(Promise.reject(broken));
    expect(said).toEqual(Array(2).fill(['error', 'It failed', broken]));
  });
});
