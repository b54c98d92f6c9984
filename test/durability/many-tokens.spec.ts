import { afterEach, describe, expect, it } from '@jest/globals';
import { rowLifetimes } from './hour/lifetimes.js';
import { headOfLines, lineOf, medians, megabytes, peaks } from './hour/levels.js';
import { measureHour, type Minute } from './hour/measured-hour.js';
import { Journal } from './journal.js';
import { type KeptDatabase, keptDatabases } from './kept-database.js';

/** An hour's worth of a busy server; DURABILITY_TOKENS=20000 takes a minute. */
const tokens = Number(process.env.DURABILITY_TOKENS ?? 1_000_000);
if (!(tokens >= 20_000)) {
  throw new Error('DURABILITY_TOKENS must be 20000 or more: with fewer the hour passes faster than people sign in.');
}
/** In which a machine that is busy with other things gets them done. */
const patience = 300_000 + tokens * 10;

/** What garbage collection leaves now more, now less of, in megabytes. */
const heapNoise = 6;
const rssNoise = 32;
/** The write-ahead log of SQLite starts anew when it has a thousand pages; what is written by then is added. */
const mostLog = 32;

describe(`${tokens} tokens, issued within what the server takes for an hour`, () => {
  let database: KeptDatabase | undefined;
  afterEach(async () => {
    await database?.close();
    database = undefined;
  });

  it.each(keptDatabases)(
    'leave memory and database on %s at the level that they have after some minutes',
    async (name, open) => {
      database = await open();
      const journal = new Journal();
      const minutes = await measure(name, journal, database.url);
      await database.inspect(journal);
      expect(journal.violations).toEqual([]);
      expectLevelMemory(minutes);
      const room = peaks(minutes, ({ bytes }) => megabytes(bytes!));
      expect(room.after).toBeLessThanOrEqual(room.before * 1.3);
      const log = Math.max(...minutes.map((minute) => megabytes(minute.log!)));
      expect(log).toBeLessThanOrEqual(mostLog);
      for (const table of Object.keys(rowLifetimes)) {
        const most = Math.max(...minutes.map(({ rows }) => rows!.get(table)!));
        expect([table, most]).not.toEqual([table, 0]);
      }
    },
    patience,
  );

  it(
    'leave memory at that level where everything is kept there',
    async () => {
      const journal = new Journal();
      const minutes = await measure('memory', journal, undefined);
      expect(journal.violations).toEqual([]);
      expectLevelMemory(minutes);
    },
    patience,
  );
});

function expectLevelMemory(minutes: readonly Minute[]): void {
  const heap = medians(minutes, ({ swept }) => megabytes(swept.memory.heap));
  expect(heap.after).toBeLessThanOrEqual(heap.before + heapNoise);
  const rss = peaks(minutes, ({ swept }) => megabytes(swept.memory.rss));
  expect(rss.after).toBeLessThanOrEqual(rss.before * 1.15 + rssNoise);
}

async function measure(name: string, journal: Journal, url: string | undefined): Promise<readonly Minute[]> {
  process.stdout.write(`\n${tokens} tokens on ${name}:\n${headOfLines}\n`);
  const minutes = await measureHour(tokens, journal, url, (minute) => process.stdout.write(`${lineOf(minute)}\n`));
  process.stdout.write(`${Math.round(tokens / minutes.at(-1)!.wall)} tokens in a second\n${journal.summary}\n`);
  return minutes;
}
