import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { databases, openDatabase, type TestDatabase } from '../testing/databases.fixture.js';
import { sql } from './statement.js';

const add = sql('INSERT INTO pairwise_subjects (identifier, subject) VALUES (?, ?)');
const rename = sql('UPDATE pairwise_subjects SET subject = ? WHERE subject = ? RETURNING identifier');
const remove = sql('DELETE FROM pairwise_subjects WHERE subject = ? RETURNING identifier');
const list = sql('SELECT subject FROM pairwise_subjects ORDER BY identifier');

describe.each(databases)('On %s', (_name, open) => {
  let test: TestDatabase;
  beforeAll(async () => void (test = await open()), 60_000);
  afterAll(() => test.close());
  beforeEach(async () => {
    await test.clear();
    for (const identifier of ['1', '2', '3']) await test.database.run(add, [identifier, 'alice']);
  });

  it('counts the rows that a statement touches, also where it gives them back', async () => {
    expect(await test.database.run(rename, ['bob', 'alice'])).toBe(3);
    expect(await test.database.run(rename, ['bob', 'alice'])).toBe(0);
    const steps = [{ statement: rename, values: ['carol', 'bob'], rows: 3 }];
    expect(await test.database.together(steps)).toBe(true);
  });

  it('undoes all where one step does not touch the rows it had to, or fails', async () => {
    const first = { statement: rename, values: ['bob', 'alice'], rows: 3 };
    expect(await test.database.together([first, { statement: remove, values: ['alice'], rows: 1 }])).toBe(false);
    await expect(test.database.together([first, { statement: add, values: ['1', 'again'] }])).rejects.toThrow(
      /unique/i,
    );
    expect((await test.database.all(list, [])).map(({ subject }) => subject)).toEqual(['alice', 'alice', 'alice']);
  });

  it('waits for another writer without holding up this process', async () => {
    const { dataSource } = await openDatabase(test.url);
    const writer = dataSource.createQueryRunner();
    await writer.startTransaction();
    await writer.query(`UPDATE pairwise_subjects SET subject = 'bob'`);
    const waiting = [
      test.database.run(rename, ['carol', 'bob']),
      test.database.together([{ statement: add, values: ['4', 'dora'] }]),
    ];
    await delay(100);
    await writer.commitTransaction();
    expect(await Promise.all(waiting)).toEqual([expect.anything(), true]);
    expect((await test.database.all(list, [])).at(-1)).toEqual({ subject: 'dora' });
    await dataSource.destroy();
  });

  it('leaves nothing open behind: another connection writes at once, and then it does again', async () => {
    const { dataSource, database: other } = await openDatabase(test.url);
    await test.database.run(rename, ['bob', 'alice']);
    await test.database.first(list, []);
    expect(await other.run(rename, ['carol', 'bob'])).toBe(3);
    expect(await test.database.run(remove, ['carol'])).toBe(3);
    await dataSource.destroy();
  });
});
