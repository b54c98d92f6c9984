import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { databases, openDatabase, type TestDatabase } from '../testing/databases.fixture.js';
import { sql } from './statement.js';
import { sweep } from './sweep.js';

const add = sql('INSERT INTO revoked_tokens (id, expires_at) VALUES (?, ?)');
const count = sql('SELECT count(*) AS count FROM revoked_tokens');
/** The moment at which 30 rows have ended, and 5 have not. */
const now = 31;

describe.each(databases)('What has ended, on %s', (name, open) => {
  let test: TestDatabase;
  let other: Omit<TestDatabase, 'close'>;
  beforeAll(async () => {
    test = await open();
    other = await openDatabase(test.url);
    if (name === 'PostgreSQL') {
      // As it may plan by itself where it believes the table to be small.
      for (const way of ['hashjoin', 'mergejoin', 'hashagg', 'sort', 'material']) {
        await other.dataSource.query(`SET enable_${way} = off`);
      }
    }
  }, 60_000);
  afterAll(async () => {
    await other.dataSource.destroy();
    await test.close();
  });
  beforeEach(async () => {
    await test.clear();
    for (let expiresAt = 1; expiresAt <= 35; expiresAt++) await test.database.run(add, [`id ${expiresAt}`, expiresAt]);
  });

  const left = async () => Number((await test.database.first(count, []))!.count);

  it('is removed up to the limit, whatever way the database takes, until nothing is left', async () => {
    const one = sweep(other.database, 'revoked_tokens', 'id');
    const removed = [];
    for (let time = 0; time < 5; time++) removed.push(await one(now, 8));
    expect(removed).toEqual([8, 8, 8, 6, 0]);
    expect(await left()).toBe(5);
  });

  it('is removed up to a high limit as well, and on SQLite requests have their turn before it is reached', async () => {
    const old = Array.from({ length: 500 }, (_, number) => test.database.run(add, [`old ${number}`, 1]));
    await Promise.all(old);
    const answered: unknown[] = [];
    const removed = sweep(test.database, 'revoked_tokens', 'id')(now, 450).then((count) => answered.push(count));
    const request = test.database.run(add, ['new', 35]).then(() => answered.push('request'));
    await Promise.all([removed, request]);
    expect(answered).toContain(450);
    if (name === 'SQLite') expect(answered).toEqual(['request', 450]);
    expect(await left()).toBe(86);
  });

  it('is removed by two servers at once, each up to its limit and other rows', async () => {
    const [one, another] = [test, other].map(({ database }) => sweep(database, 'revoked_tokens', 'id'));
    expect(await Promise.all([one!(now, 10), another!(now, 10)])).toEqual([10, 10]);
    expect(await left()).toBe(15);
  });

  it('is removed by a table’s several keys as well', async () => {
    const device = sql('INSERT INTO known_devices (device_hash, subject, expires_at) VALUES (?, ?, ?)');
    for (const subject of ['alice', 'bob', 'carol']) await test.database.run(device, ['device', subject, 1]);
    expect(await sweep(other.database, 'known_devices', 'device_hash, subject')(now, 2)).toBe(2);
  });
});
