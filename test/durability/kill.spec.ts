import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { carryOn, settleAll } from './conversation.js';
import { Journal } from './journal.js';
import { type KeptDatabase, keptDatabases } from './kept-database.js';
import { createLoad } from './load.js';
import { serviceAt } from './service.js';
import { keySetOf, killAll, planNode, startNode } from './sts-node.js';

/** `npm run durability` names more. */
const kills = Number(process.env.DURABILITY_KILLS ?? 3);

describe('The server is killed in the middle of load', () => {
  let data: string;
  let databases: (readonly [name: string, database: KeptDatabase])[];
  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'tessera-durability-'));
    databases = await Promise.all(keptDatabases.map(async ([name, open]) => [name, await open()] as const));
  }, 120_000);
  afterAll(async () => {
    killAll();
    for (const [, database] of databases) await database.close();
    await rm(data, { recursive: true });
  });

  it(
    `${kills} times, and nothing that it answered is lost or works twice, on SQLite and on PostgreSQL`,
    async () => {
      const journals = await Promise.all(databases.map(([, database]) => killAgainAndAgain(data, database)));
      for (const [index, [name]] of databases.entries()) {
        process.stdout.write(`\n${name}, killed ${kills} times in the middle of load:\n${journals[index]!.summary}\n`);
      }
      for (const journal of journals) {
        expect(journal.violations).toEqual([]);
        for (const sign of ['Requests cut off', 'Refreshes cut off and repeated', 'Redeemed codes refused']) {
          expect([sign, journal.counted(sign)]).not.toEqual([sign, 0]);
        }
      }
    },
    120_000 + kills * 20_000,
  );
});

/** All of one database: the same port, folder and keys again and again. */
async function killAgainAndAgain(data: string, database: KeptDatabase): Promise<Journal> {
  const journal = new Journal();
  const plan = await planNode(data, database.url);
  let node = await startNode(plan);
  const keys = await keySetOf(node);
  const load = createLoad(() => serviceAt(() => node.url, journal), journal);
  await Promise.all(load.conversations.map((conversation) => conversation.begin()));
  for (let kill = 1; kill <= kills; kill++) {
    const end = new AbortController();
    const carried = carryOn(load.conversations, end.signal);
    await delay(100 + Math.random() * 900);
    await node.kill();
    end.abort();
    await carried;
    if (node.faults() !== '') journal.violation('The server logged faults', node.faults());
    journal.count('Kills');
    node = await startNode(plan);
    await settleAll(load.conversations, journal);
    await database.inspect(journal);
    if ((await keySetOf(node)) !== keys) journal.violation('The signing keys changed', await keySetOf(node));
  }
  await load.settleEverything();
  if (node.faults() !== '') journal.violation('The server logged faults', node.faults());
  await node.kill();
  return journal;
}
