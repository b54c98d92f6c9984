import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OwnPostgres, startPostgres } from '../../libs/typeorm-store/src/testing/databases.fixture.js';
import { carryOn } from './conversation.js';
import { Journal } from './journal.js';
import { inspectPostgres } from './kept-database.js';
import { createLoad } from './load.js';
import { type Service, serviceAt } from './service.js';
import { keySetOf, killAll, planNode, startNode, type StsNode } from './sts-node.js';

describe('Two nodes that start at the same time on one empty database', () => {
  let data: string;
  let postgres: OwnPostgres;
  let nodes: readonly [StsNode, StsNode];
  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'tessera-nodes-'));
    postgres = await startPostgres();
    const plans = [await planNode(data, postgres.url), await planNode(data, postgres.url)] as const;
    nodes = await Promise.all([startNode(plans[0]), startNode(plans[1])]);
  }, 120_000);
  afterAll(async () => {
    killAll();
    await postgres.stop();
    await rm(data, { recursive: true });
  });

  it('sign with the same keys', async () => {
    const [first, second] = await Promise.all(nodes.map(keySetOf));
    expect(JSON.parse(first!)).toEqual({ keys: [expect.objectContaining({ alg: 'ES256' })] });
    expect(second).toBe(first);
  });

  it('are one server to refresh chains, codes, sessions and reference tokens that alternate between them', async () => {
    const journal = new Journal();
    const load = createLoad(() => alternating(nodes, journal), journal);
    await Promise.all(load.conversations.map((conversation) => conversation.begin()));
    const end = new AbortController();
    const carried = carryOn(load.conversations, end.signal);
    await delay(1500);
    end.abort();
    await carried;
    await load.settleEverything();
    await inspectPostgres(postgres.url, journal);
    process.stdout.write(`\nTwo nodes, each request to the other one:\n${journal.summary}\n`);
    expect(journal.violations).toEqual([]);
    expect(journal.counted('Requests cut off')).toBe(0);
    expect(journal.counted('Answers 503')).toBe(0);
    expect(nodes.map((node) => node.faults())).toEqual(['', '']);
  });
});

/** Each request goes to another node than the one before. */
function alternating(nodes: readonly StsNode[], journal: Journal): Service {
  let turn = 0;
  return serviceAt(() => nodes[turn++ % nodes.length]!.url, journal);
}
