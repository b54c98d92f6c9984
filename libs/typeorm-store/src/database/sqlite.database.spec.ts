import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { StoreUnavailableError } from '@tessera/resource-model';
import { databases, openDatabase, type TestDatabase } from '../testing/databases.fixture.js';
import type { Database, Step } from './database.js';
import { sql } from './statement.js';

const add = sql('INSERT INTO pairwise_subjects (identifier, subject) VALUES (?, ?)');
const addAndShow = sql(`${add.text} RETURNING identifier`);
const rename = sql('UPDATE pairwise_subjects SET subject = ? WHERE identifier = ?');
const count = sql('SELECT count(*) AS count FROM pairwise_subjects');
const list = sql('SELECT identifier FROM pairwise_subjects ORDER BY identifier');
const find = sql('SELECT subject FROM pairwise_subjects WHERE identifier = ?');

let test: TestDatabase;
let database: Database;
let other: Omit<TestDatabase, 'close'>;
beforeAll(async () => {
  const [[, openSqlite]] = databases as [(typeof databases)[number]];
  test = await openSqlite();
  database = test.database;
  other = await openDatabase(test.url);
});
beforeEach(() => test.clear());
afterAll(async () => {
  await other.dataSource.destroy();
  await test.close();
});

/** What another connection sees: one's own sees what it has not committed, too. */
async function kept(): Promise<unknown[]> {
  return (await other.database.all(list, [])).map(({ identifier }) => identifier);
}

describe('While another process writes to SQLite', () => {
  beforeEach(() => other.dataSource.query('BEGIN IMMEDIATE'));
  afterEach(() => void jest.restoreAllMocks());

  it('this one goes on with all else, and writes when that one is done', async () => {
    const done: string[] = [];
    const writes = [
      database.run(add, ['one', 'alice']).then(() => done.push('run')),
      database.all(addAndShow, ['two', 'alice']).then(() => done.push('all')),
      database.together([{ statement: add, values: ['three', 'alice'], rows: 1 }]).then(() => done.push('together')),
    ];
    await delay(50);
    writes.push(database.run(add, ['late', 'alice']).then(() => done.push('late')));
    expect(await database.first(count, [])).toEqual({ count: 0 });
    expect(done).toEqual([]);
    await other.dataSource.query('COMMIT');
    await Promise.all(writes);
    await database.run(add, ['four', 'alice']);
    expect(await kept()).toEqual(['four', 'late', 'one', 'three', 'two']);
  });

  it('for longer than anybody waits, what is to be written is refused as unavailable, and never written', async () => {
    const outcome = Promise.allSettled(['one', 'two'].map((identifier) => database.run(add, [identifier, 'alice'])));
    await delay(20);
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 6000);
    const later = database.run(add, ['later', 'alice']);
    expect(await outcome).toEqual(
      Array.from({ length: 2 }, () => ({ status: 'rejected', reason: expect.any(StoreUnavailableError) })),
    );
    await other.dataSource.query('COMMIT');
    await later;
    expect(await kept()).toEqual(['later']);
  });
});

describe('What is written to SQLite at the same time', () => {
  it('shares few transactions, and everyone has the own result', async () => {
    await test.dataSource.query('PRAGMA wal_checkpoint(TRUNCATE)');
    const identifiers = Array.from({ length: 200 }, (_, index) => `number ${index}`);
    const shown = await Promise.all(identifiers.map((one) => database.all(addAndShow, [one, 'alice'])));
    expect(shown).toEqual(identifiers.map((identifier) => [{ identifier }]));
    expect(await countCommits(test)).toBeLessThan(10);
    expect(await kept()).toHaveLength(200);
  });

  it('stands for itself: what fails, or touches other rows than it had to, is undone alone', async () => {
    await database.run(add, ['taken', 'alice']);
    const first: Step = { statement: add, values: ['undone', 'bob'], rows: 1 };
    const outcomes = await Promise.allSettled([
      database.run(add, ['before', 'bob']),
      database.run(add, ['taken', 'bob']),
      database.together([first, { statement: add, values: ['taken', 'bob'] }]),
      database.together([first, { statement: rename, values: ['carol', 'unknown'], rows: 1 }]),
      database.together([first, { statement: rename, values: ['carol', 'undone'], rows: 1 }]),
      database.run(add, ['after', 'bob']),
    ]);
    const failed = {
      status: 'rejected',
      reason: expect.objectContaining({ message: expect.stringMatching(/UNIQUE/) }),
    };
    const gave = (value: unknown) => ({ status: 'fulfilled', value });
    expect(outcomes).toEqual([gave(1), failed, failed, gave(false), gave(true), gave(1)]);
    expect(await kept()).toEqual(['after', 'before', 'taken', 'undone']);
    expect(await other.database.first(find, ['undone'])).toEqual({ subject: 'carol' });
  });

  it('is seen by everybody the moment it is answered', async () => {
    const identifiers = Array.from({ length: 100 }, (_, index) => `number ${index}`);
    const write = (one: string) => database.run(add, [one, 'alice']).then(() => other.database.first(find, [one]));
    expect(await Promise.all(identifiers.map(write))).toEqual(identifiers.map(() => ({ subject: 'alice' })));
  });

  it('is seen by nobody before: not even by who asks through the same connection', async () => {
    const write = database.run(add, ['one', 'alice']);
    expect(await database.first(count, [])).toEqual({ count: 0 });
    await write;
    expect(await database.first(count, [])).toEqual({ count: 1 });
  });

  it('is refused together where SQLite undoes it all by itself', async () => {
    await database.run(add, ['taken', 'alice']);
    const addOrUndoAll = sql('INSERT OR ROLLBACK INTO pairwise_subjects (identifier, subject) VALUES (?, ?)');
    const outcomes = await Promise.allSettled([
      database.run(add, ['before', 'bob']),
      database.together([
        { statement: rename, values: ['carol', 'taken'] },
        { statement: addOrUndoAll, values: ['taken', 'bob'] },
      ]),
      database.run(add, ['after', 'bob']),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await kept()).toEqual(['taken']);
    expect(await other.database.first(find, ['taken'])).toEqual({ subject: 'alice' });
    expect(await database.run(add, ['later', 'bob'])).toBe(1);
  });

  it('is refused where it cannot be committed, and what comes later is not', async () => {
    await test.dataSource.query(`CREATE TABLE orphans (parent TEXT REFERENCES pairwise_subjects (identifier)
      DEFERRABLE INITIALLY DEFERRED)`);
    const outcomes = await Promise.allSettled([
      database.run(add, ['one', 'alice']),
      database.run(sql(`INSERT INTO orphans VALUES ('nobody')`), []),
    ]);
    await database.run(add, ['later', 'bob']);
    await database.run(sql('DROP TABLE orphans'), []);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await kept()).toEqual(['later']);
  });
});

describe('When the disk is full', () => {
  const long = 'x'.repeat(100_000);
  beforeEach(async () => {
    const [{ page_count: pages }] = await test.dataSource.query<[{ page_count: number }]>('PRAGMA page_count');
    await test.dataSource.query(`PRAGMA max_page_count = ${pages + 5}`);
  });
  afterEach(() => test.dataSource.query('PRAGMA max_page_count = 1000000'));

  it('SQLite refuses what it cannot keep, keeps what it has answered, and goes on once there is room', async () => {
    const outcomes = await Promise.allSettled([
      database.run(add, ['small', 'alice']),
      database.run(add, ['large', long]),
      database.together([
        { statement: add, values: ['small, too', 'alice'] },
        { statement: add, values: ['large, too', long] },
      ]),
      database.run(add, ['the last', 'alice']),
    ]);
    expect(outcomes[1]).toEqual({ status: 'rejected', reason: expect.any(StoreUnavailableError) });
    expect(outcomes[2]).toEqual({ status: 'rejected', reason: expect.any(StoreUnavailableError) });
    const answered = ['small', 'large', 'small, too', 'the last'].filter(
      (_, at) => outcomes[at]!.status === 'fulfilled',
    );
    expect(await kept()).toEqual(answered.sort());
    await test.dataSource.query('PRAGMA max_page_count = 1000000');
    expect(await database.run(add, ['large', long])).toBe(1);
    expect(await kept()).toContain('large');
  });
});

/** The transactions in the log, by their last frames: those say how large the database is then (https://www.sqlite.org/fileformat2.html#walformat). */
async function countCommits({ url }: TestDatabase): Promise<number> {
  const log = await readFile(`${/^sqlite:([^?]+)/.exec(url)![1]!}-wal`);
  const pageSize = log.readUInt32BE(8);
  let commits = 0;
  for (let frame = 32; frame < log.length; frame += 24 + pageSize) if (log.readUInt32BE(frame + 4) > 0) commits++;
  return commits;
}
