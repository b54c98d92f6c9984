import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { databases, openDatabase, type TestDatabase } from '../testing/databases.fixture.js';
import { sql } from './statement.js';

const add = sql('INSERT INTO pairwise_subjects (identifier, subject) VALUES (?, ?)');
const addAndShow = sql(`${add.text} RETURNING identifier`);
const count = sql('SELECT count(*) AS count FROM pairwise_subjects');

describe('While another process writes to SQLite', () => {
  let test: TestDatabase;
  let other: Omit<TestDatabase, 'close'>;
  beforeAll(async () => {
    const [[, openSqlite]] = databases as [(typeof databases)[number]];
    test = await openSqlite();
    other = await openDatabase(test.url);
  });
  afterAll(async () => {
    await other.dataSource.destroy();
    await test.close();
  });

  it('this one goes on with all else, and writes when that one is done', async () => {
    await other.dataSource.query('BEGIN IMMEDIATE');
    const { database } = test;
    const done: string[] = [];
    const writes = [
      database.run(add, ['one', 'alice']).then(() => done.push('run')),
      database.all(addAndShow, ['two', 'alice']).then(() => done.push('all')),
      database.together([{ statement: add, values: ['three', 'alice'], rows: 1 }]).then(() => done.push('together')),
    ];
    await delay(50);
    expect(await database.first(count, [])).toEqual({ count: 0 });
    expect(done).toEqual([]);
    await other.dataSource.query('COMMIT');
    await Promise.all(writes);
    await database.run(add, ['four', 'alice']);
    // By the other connection: one's own sees what it has not committed.
    expect(await other.database.first(count, [])).toEqual({ count: 4 });
  });

  it('what fails for another reason fails at once', async () => {
    await expect(test.database.run(add, ['one', 'bob'])).rejects.toThrow('UNIQUE');
    await expect(test.database.together([{ statement: add, values: ['one', 'bob'] }])).rejects.toThrow('UNIQUE');
  });
});
