import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { databases, type TestDatabase } from '../testing/databases.fixture.js';
import { DatabaseClock } from './database-clock.js';

describe.each(databases)('The clock of %s', (name, open) => {
  let test: TestDatabase;
  beforeAll(async () => void (test = await open()), 60_000);
  afterAll(() => test.close());

  it(name === 'SQLite' ? 'is ours' : 'is compared with ours', async () => {
    const difference = await new DatabaseClock(test.database).difference();
    if (name === 'SQLite') expect(difference).toBeUndefined();
    else expect(Math.abs(difference!)).toBeLessThan(60);
  });
});
