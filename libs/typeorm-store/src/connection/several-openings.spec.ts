import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { migrations } from '../migrations/migrations.js';
import { createDataSource } from './create-data-source.js';
import { readDatabaseUrl } from './database-url.js';
import { openConnection } from './open-connection.js';

const quiet = { log: () => {}, warn: () => {}, error: () => {} };

/** As it is deployed: built. */
const program = fileURLToPath(new URL('../../dist/testing/opening-process.fixture.js', import.meta.url));

describe('A new SQLite file', () => {
  let folder: string;
  const processes: ChildProcess[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tessera-opening-'));
    for (let count = 0; count < 4; count++) processes.push(fork(program, { execArgv: [] }));
    await Promise.all(processes.map((child) => once(child, 'message')));
  }, 60_000);
  afterAll(async () => {
    for (const child of processes) child.kill('SIGKILL');
    await rm(folder, { recursive: true });
  });

  function open(url: string, migrate = true) {
    const dataSource = createDataSource(readDatabaseUrl(url), { poolSize: 1 });
    return openConnection(dataSource, { migrate, patience: 10 }, quiet);
  }

  /** How many changes of the schema are noted there, by a server that may make none. */
  async function countChanges(url: string): Promise<number> {
    const dataSource = await open(url, false);
    const done = await dataSource.query<object[]>('SELECT name FROM tessera_migrations');
    await dataSource.destroy();
    return done.length;
  }

  it.each([1, 2, 3])('is opened by several processes at once, and one of them makes the schema (%s)', async (round) => {
    const url = `sqlite:${join(folder, `processes-${round}.sqlite`)}`;
    const start = Date.now() + 50;
    const faults = await Promise.all(
      processes.map(async (child) => {
        child.send({ url, start });
        return ((await once(child, 'message')) as [string])[0];
      }),
    );
    expect(faults).toEqual(['', '', '', '']);
    expect(await countChanges(url)).toBe(migrations.length);
  });

  it('is opened several times at once by one process', async () => {
    const url = `sqlite:${join(folder, 'connections.sqlite')}`;
    const connections = await Promise.all(Array.from({ length: 4 }, () => open(url)));
    await Promise.all(connections.map((connection) => connection.destroy()));
    expect(await countChanges(url)).toBe(migrations.length);
  });
});
