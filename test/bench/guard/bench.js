// Measures what protecting a route costs, with our guard and with others. ../README.md says how to read the result.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCore, stayBesideLoad } from '../pinning.js';
import { writeResult } from '../results.js';
import { Rounds, tellOfInvalid } from '../rounds.js';
import { LoadProcess, ServerProcess } from '../server-process.js';
import { readSettings, refuseUnknown, tellOfPinning, wholeNumber } from '../settings.js';
import { Issuer } from './issuer.js';
import { packages } from './packages.js';
import { mintPools } from './pools.js';
import { report, summarize } from './report.js';
import { rows } from './rows.js';
import { servers } from './servers.js';
import { newKeys } from './tokens.js';

const settings = readOwnSettings();
const folder = mkdtempSync(join(tmpdir(), 'tessera-bench-'));
const keys = newKeys();
const issuer = await Issuer.start(keys);
let rounds;
try {
  const fixturePath = join(folder, 'fixture.json');
  const fixture = { issuer: issuer.url, jwksUri: issuer.jwksUri };
  writeFileSync(fixturePath, JSON.stringify(fixture));
  console.log(`Minting ${settings.tokens} tokens for each algorithm ...`);
  // Before this process leaves the server's core to the servers.
  fixture.pools = await mintPools(folder, issuer.url, usedKeys(), settings.tokens);
  stayBesideLoad();
  tellOfPinning(settings.connections);
  const load = new LoadProcess(loadCore);
  const start = (name) => ServerProcess.start(servers[name], { fixture, fixturePath });
  rounds = new Rounds({ settings, rows: settings.rows, serversOf, start, load });
  try {
    await rounds.run();
  } finally {
    load.stop();
  }
} finally {
  issuer.stop();
  rmSync(folder, { recursive: true });
}

const { samples, processes } = rounds;
const summary = summarize(settings.rows, samples);
const text = report(summary, processes);
const { rounds: count, seconds, warmUpSeconds, connections, tokens } = settings;
const asked = { rounds: count, seconds, warmUpSeconds, connections, tokens };
const { fetches } = issuer;
const path = writeResult('guard-', packages, { settings: asked, summary, processes, fetches, samples }, text);
console.log(`\n${text}\n\nThe issuer was asked ${fetches} times.\nWritten to ${path}`);
if (tellOfInvalid(samples)) process.exitCode = 1;

/** Who takes part in a row: a peer that does not know the algorithm does not. */
function serversOf({ algorithm }) {
  return settings.servers.filter((name) => servers[name].algorithms?.includes(algorithm) ?? true);
}

function usedKeys() {
  return keys.filter(({ algorithm }) => settings.rows.some((row) => row.algorithm === algorithm));
}

function readOwnSettings() {
  const { values, ...numbers } = readSettings(
    // A guard has more to compile than one that does nothing: V8 takes some seconds of load for it.
    { rounds: '3', seconds: '8', 'warm-up': '10' },
    // For each algorithm, to be sent once: a quarter of them in the warm-up.
    { tokens: { type: 'string', default: '60000' } },
  );
  const known = { rows: rows.map(({ name }) => name), servers: Object.keys(servers) };
  refuseUnknown('--only', values.only, [...known.rows, ...known.servers]);
  const chosen = (names) => names.filter((name) => values.only.includes(name));
  const chosenRows = chosen(known.rows);
  const chosenServers = chosen(known.servers);
  return {
    ...numbers,
    tokens: wholeNumber('tokens', values.tokens, 1000),
    rows: rows.filter(({ name }) => chosenRows.length === 0 || chosenRows.includes(name)),
    servers: chosenServers.length === 0 ? known.servers : chosenServers,
  };
}
