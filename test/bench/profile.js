// Shows where the time of one row goes: `npm run profile -- client-credentials-es256`.
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { byPackage, readProfile } from './cpu-profile.js';
import { createFixture } from './create-fixture.js';
import { Databases } from './databases.js';
import { measure } from './measure.js';
import { loadCore, stayBesideLoad } from './pinning.js';
import { rows } from './rows.js';
import { LoadProcess, ServerProcess } from './server-process.js';
import { servers } from './servers.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    server: { type: 'string', default: 'tessera' },
    seconds: { type: 'string', default: '10' },
    top: { type: 'string', default: '40' },
    /** Sorts by the time of a function and all that it calls. */
    total: { type: 'boolean', default: false },
  },
});
const row = rows.find(({ name }) => name === positionals[0]);
if (!row || !servers[values.server]) {
  const names = (things) => things.join(' | ');
  console.error(
    `npm run profile -- <${names(rows.map(({ name }) => name))}> [--server ${names(Object.keys(servers))}] [--seconds 10] [--top 40] [--total]`,
  );
  process.exit(2);
}

stayBesideLoad();
const results = fileURLToPath(new URL('results/', import.meta.url));
mkdirSync(results, { recursive: true });
const profiles = mkdtempSync(join(results, `profile-${row.name}-`));
const folder = mkdtempSync(join(tmpdir(), 'tessera-bench-'));
const databases = new Databases(folder);
const load = new LoadProcess(loadCore);
let running;
try {
  const fixturePath = join(folder, 'fixture.json');
  const fixture = await createFixture(fixturePath);
  const started = performance.now();
  const options = ['--cpu-prof', `--cpu-prof-dir=${profiles}`, '--cpu-prof-interval=200'];
  running = await ServerProcess.start(servers[values.server], { fixture, fixturePath, databases }, options);
  const seconds = Number(values.seconds);
  await measure(row, running, load, { connections: 32, seconds: 3, warmUpSeconds: 0 });
  const from = performance.now() - started;
  const { perSecond } = await measure(row, running, load, { connections: 32, seconds, warmUpSeconds: 0 });
  const to = performance.now() - started;
  await running.stop();
  print(join(profiles, readdirSync(profiles)[0]), from * 1000, to * 1000, perSecond);
} finally {
  load.stop();
  await running?.stop();
  await databases.stop();
  rmSync(folder, { recursive: true });
}

function print(path, from, to, perSecond) {
  const { busyMicroseconds, functions } = readProfile(path, from, to);
  const perRequest = busyMicroseconds / (perSecond * Number(values.seconds));
  console.log(`${row.title} at ${values.server}: ${perSecond.toFixed(0)}/s while profiled, ${path}\n`);
  console.log('  self');
  for (const { name, self } of byPackage(functions).slice(0, 15)) console.log(`${percent(self)}  ${name}`);
  console.log(`\n  self   total  µs/request (self)`);
  if (values.total) functions.sort((a, b) => b.total - a.total);
  for (const { place, self, total } of functions.slice(0, Number(values.top))) {
    console.log(`${percent(self)}  ${percent(total)}  ${(self * perRequest).toFixed(1).padStart(5)}  ${place}`);
  }
}

function percent(share) {
  return `${(share * 100).toFixed(1).padStart(5)}%`;
}
