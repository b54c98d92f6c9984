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
import { type Nginx, startNginx } from './nginx.js';
import { serviceAt } from './service.js';
import { killAll, type NodePlan, planNode, startNode, type StsNode } from './sts-node.js';

const kills = 10;

describe('Two nodes behind nginx', () => {
  let data: string;
  let postgres: OwnPostgres;
  let nginx: Nginx;
  const plans: NodePlan[] = [];
  let nodes: StsNode[];
  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'tessera-nodes-'));
    postgres = await startPostgres();
    for (let node = 0; node < 2; node++) plans.push(await planNode(data, postgres.url));
    nodes = await Promise.all(plans.map(startNode));
    nginx = await startNginx(plans.map(({ port }) => port));
  }, 120_000);
  afterAll(async () => {
    killAll();
    await nginx.stop();
    await postgres.stop();
    await rm(data, { recursive: true });
  });

  it(
    'one of which is killed under load: no request fails but those that it was answering',
    async () => {
      const journal = new Journal();
      const load = createLoad(() => serviceAt(() => nginx.url, journal), journal);
      await Promise.all(load.conversations.map((conversation) => conversation.begin()));
      const end = new AbortController();
      const carried = carryOnThrough(load.conversations, end.signal);
      for (let kill = 0; kill < kills; kill++) {
        await delay(500 + Math.random() * 500);
        const [lost, from] = [kill % 2, Date.now()];
        await nodes[lost]!.kill();
        const dead = Date.now();
        journal.count('Nodes killed');
        await delay(1500);
        const later = journal.lostSince(from).filter((began) => began > dead);
        if (later.length > 0) journal.violation('Requests failed after the node was gone', { from, dead, later });
        nodes[lost] = await startNode(plans[lost]!);
        // nginx tries a node again after so long.
        await delay(2500);
      }
      end.abort();
      await carried;
      await load.settleEverything();
      await inspectPostgres(postgres.url, journal);
      process.stdout.write(`\nTwo nodes behind nginx, one killed under load, ${kills} times:\n${journal.summary}\n`);
      expect(journal.violations).toEqual([]);
    },
    120_000 + kills * 20_000,
  );
});
