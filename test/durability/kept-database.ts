import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, startPostgres } from '../../libs/typeorm-store/src/testing/databases.fixture.js';
import type { Journal } from './journal.js';

/** A database that outlives the server's processes. */
export interface KeptDatabase {
  readonly url: string;
  /** Sees that it is whole, and that the rows fit each other. */
  inspect(journal: Journal): Promise<void>;
  close(): Promise<void>;
}

export const keptDatabases: readonly [name: string, open: () => Promise<KeptDatabase>][] = [
  ['SQLite', openSqlite],
  ['PostgreSQL', openPostgres],
];

async function openSqlite(): Promise<KeptDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-kept-'));
  const url = `sqlite:${join(folder, 'sts.sqlite')}`;
  const inspect = (journal: Journal) =>
    inspectDatabase(url, journal, ['PRAGMA integrity_check'], { integrity_check: 'ok' });
  return { url, inspect, close: () => rm(folder, { recursive: true }) };
}

async function openPostgres(): Promise<KeptDatabase> {
  const { url, stop } = await startPostgres();
  return { url, inspect: (journal) => inspectPostgres(url, journal), close: stop };
}

/** Sees by PostgreSQL's own means that each index has all rows of its table. */
export function inspectPostgres(url: string, journal: Journal): Promise<void> {
  const checks = [
    'CREATE EXTENSION IF NOT EXISTS amcheck',
    'SELECT bt_index_check(indexrelid, true) FROM pg_stat_user_indexes',
  ];
  return inspectDatabase(url, journal, checks, { bt_index_check: '' });
}

/** Each family of refresh tokens has one token that is not used up: the last. */
const branched = `SELECT family_id, count(*) AS tokens, sum(CASE WHEN rotation IS NULL THEN 1 ELSE 0 END) AS unused
  FROM refresh_tokens GROUP BY family_id HAVING sum(CASE WHEN rotation IS NULL THEN 1 ELSE 0 END) <> 1`;

async function inspectDatabase(url: string, journal: Journal, checks: readonly string[], whole: object): Promise<void> {
  const { dataSource } = await openDatabase(url);
  try {
    for (const check of checks) {
      const faults = (await dataSource.query<object[]>(check)).filter(
        (row) => JSON.stringify(row) !== JSON.stringify(whole),
      );
      if (faults.length > 0) journal.violation('The database is not whole', faults);
    }
    const families = await dataSource.query<object[]>(branched);
    if (families.length > 0) journal.violation('A family of refresh tokens does not have one last token', families);
    journal.count('Database inspections');
  } finally {
    await dataSource.destroy();
  }
}
