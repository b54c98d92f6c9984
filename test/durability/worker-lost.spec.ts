import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { carryOnThrough } from './conversation.js';
import { Journal } from './journal.js';
import { type KeptDatabase, keptDatabases } from './kept-database.js';
import { createLoad } from './load.js';
import { serviceAt } from './service.js';
import { killAll, planNode, startNode, type StsNode } from './sts-node.js';

const kills = 10;
/** Milliseconds in which clients learn that a connection that they kept open is gone. */
const noticed = 500;

describe.each(keptDatabases)('A node of three workers on %s', (name, open) => {
  let data: string;
  let database: KeptDatabase;
  let node: StsNode;
  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'tessera-workers-'));
    database = await open();
    node = await startNode({ ...(await planNode(data, database.url)), workers: 3 });
  }, 120_000);
  afterAll(async () => {
    killAll();
    await database.close();
    await rm(data, { recursive: true });
  });

  it(
    'one of which is killed under load: no request fails but those that it was answering, and another takes its place',
    async () => {
      const journal = new Journal();
      const load = createLoad(() => serviceAt(() => node.url, journal), journal);
      await Promise.all(load.conversations.map((conversation) => conversation.begin()));
      const end = new AbortController();
      const carried = carryOnThrough(load.conversations, end.signal);
      for (let kill = 0; kill < kills; kill++) {
        await delay(500 + Math.random() * 500);
        const from = Date.now();
        await node.replaceWorker();
        journal.count('Workers killed');
        const later = journal.lostSince(from).filter((began) => began > from + noticed);
        if (later.length > 0) journal.violation('Requests failed after the worker was gone', { from, later });
      }
      end.abort();
      await carried;
      await load.settleEverything();
      await database.inspect(journal);
      process.stdout.write(`\nThree workers on ${name}, one killed under load, ${kills} times:\n${journal.summary}\n`);
      expect(journal.violations).toEqual([]);
    },
    120_000 + kills * 20_000,
  );
});
