import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OwnPostgres, startPostgres } from '../../libs/typeorm-store/src/testing/databases.fixture.js';
import { carryOnThrough } from './conversation.js';
import { Journal } from './journal.js';
import { inspectPostgres } from './kept-database.js';
import { createLoad } from './load.js';
import { serviceAt } from './service.js';
import { killAll, planNode, readiness, startNode, type StsNode, untilReady } from './sts-node.js';

describe('PostgreSQL is restarted under load', () => {
  let data: string;
  let postgres: OwnPostgres;
  let node: StsNode;
  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'tessera-restart-'));
    postgres = await startPostgres();
    node = await startNode(await planNode(data, postgres.url));
  }, 120_000);
  afterAll(async () => {
    killAll();
    await postgres.stop();
    await rm(data, { recursive: true });
  });

  it.each(['fast', 'immediate'] as const)(
    '(stop -m %s): the server says 503 with Retry-After, loses nothing, and goes on by itself',
    async (how) => {
      const journal = new Journal();
      const load = createLoad(() => serviceAt(() => node.url, journal), journal);
      await Promise.all(load.conversations.map((conversation) => conversation.begin()));
      const end = new AbortController();
      const carried = carryOnThrough(load.conversations, end.signal);
      await delay(300 + Math.random() * 300);
      await postgres.halt(how);
      expect(await readiness(node)).toBe(503);
      await delay(300);
      await postgres.start();
      const recovery = await untilReady(node, 5000);
      await delay(500);
      end.abort();
      await carried;
      await load.settleEverything();
      await inspectPostgres(postgres.url, journal);
      const answers = `ready again after ${recovery} ms`;
      process.stdout.write(`\nPostgreSQL, stopped (${how}) under load and started, ${answers}:\n${journal.summary}\n`);
      expect(journal.violations).toEqual([]);
      expect(journal.counted('Requests cut off')).toBe(0);
      expect(journal.counted('Answers 500')).toBe(0);
      expect(journal.counted('Answers 503')).toBeGreaterThan(0);
    },
  );
});
