// The databases of a run: each server that keeps its stores in one gets a new, empty one when it is started.
import { statfsSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.js';

/** TMPFS_MAGIC of Linux: what is written there is in memory, however it is written. */
const memoryFileSystem = 0x01021994;

export class Databases {
  created = 0;
  postgres = undefined;

  constructor(folder) {
    this.folder = folder;
  }

  /**
   * @param kind see `database` in servers.js
   * @returns its URL, and how to read the CPU time of a database that is a process of its own
   */
  async create(kind) {
    const name = `bench_${++this.created}`;
    if (kind !== 'postgres') return { url: `sqlite:${join(this.folder, name, 'bench.sqlite')}?synchronous=${kind}` };
    this.postgres ??= await startPostgres();
    return { url: await this.postgres.create(name), cpuMicroseconds: () => this.postgres.cpuMicroseconds() };
  }

  async stop() {
    await this.postgres?.stop();
  }
}

/** Whether the temporary folder is no disk: then no commit waits for one. */
export function isInMemory(folder) {
  return statfsSync(folder).type === memoryFileSystem;
}

/** Loaded only for a run that needs it. */
async function startPostgres() {
  const { Postgres } = await import('./postgres.js');
  return Postgres.start(await freePort());
}
