import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { fileURLToPath } from 'node:url';
import { databaseVariable, fixtureVariable, nameVariable, portVariable } from './fixture.js';
import { freePort } from './free-port.js';
import { nodeOn, serverCore } from './pinning.js';
import { cpuMicroseconds, residentMebibytes } from './proc.js';

const folder = fileURLToPath(new URL('.', import.meta.url));
const startLimitMilliseconds = 30_000;

/** A server under test in a process of its own, on its own core. */
export class ServerProcess {
  /**
   * @param server `name`; `program`, its file, where that is not servers/<name>.js; `database`, what `databases` is asked
   *   for; `paths`, of which `ready` answers with `readyStatus` (200) as soon as it listens
   * @param run what is the same for all servers of the run: `fixture`, `fixturePath`, `databases`
   * @param {string[]} nodeOptions for the server's Node
   */
  static async start(server, { fixture, fixturePath, databases }, nodeOptions = []) {
    const { name, program = `servers/${name}.js`, database: kind } = server;
    const database = kind && (await databases.create(kind));
    const port = await freePort();
    const own = {
      [nameVariable]: name,
      [fixtureVariable]: fixturePath,
      [portVariable]: String(port),
      [databaseVariable]: database?.url,
    };
    const started = process.hrtime.bigint();
    const [command, args] = nodeOn(serverCore, [...nodeOptions, folder + program]);
    const child = spawn(command, args, {
      cwd: folder,
      env: { ...process.env, NODE_ENV: 'production', ...own },
      // The peer's warnings about plain http are not news; what ends a server is.
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const running = new ServerProcess(server, child, port, fixture, database);
    try {
      await running.answers(running.base + server.paths.ready, server.readyStatus ?? 200);
    } catch (error) {
      await running.stop();
      throw error;
    }
    running.startMilliseconds = Number(process.hrtime.bigint() - started) / 1e6;
    return running;
  }

  constructor(server, child, port, fixture, database) {
    this.name = server.name;
    this.server = server;
    this.child = child;
    this.base = `http://127.0.0.1:${port}`;
    this.fixture = fixture;
    this.database = database;
    this.errors = '';
    child.stderr.setEncoding('utf8').on('data', (text) => (this.errors = (this.errors + text).slice(-4000)));
  }

  /** Sends the server a message; gives its answer. */
  async ask(message) {
    return askChild(this.child, message);
  }

  /** User and system time since the start in microseconds, all threads; undefined where there is no /proc. */
  cpuMicroseconds() {
    return cpuMicroseconds(this.child.pid);
  }

  /** The same of its database; undefined where that is not a process of its own. */
  databaseCpuMicroseconds() {
    return this.database?.cpuMicroseconds?.();
  }

  /** Resident memory in MiB; undefined where there is no /proc. */
  residentMebibytes() {
    return residentMebibytes(this.child.pid);
  }

  async stop() {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGTERM');
    await once(this.child, 'exit');
  }

  /** Asks until the first answer with that status. */
  async answers(url, status) {
    const end = Date.now() + startLimitMilliseconds;
    while ((await statusOf(url)) !== status) {
      if (this.child.exitCode !== null) throw new Error(`${this.name} ended while it started:\n${this.errors}`);
      if (Date.now() > end) throw new Error(`${this.name} did not answer in time:\n${this.errors}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

/** The process that makes the load, on the other core. */
export class LoadProcess {
  constructor(core) {
    const [execPath, execArgv] = nodeOn(core, []);
    this.child = fork(`${folder}load.js`, [], { execPath, execArgv });
  }

  /** Runs one order (see load.js). */
  async run(order) {
    const result = await askChild(this.child, order);
    if (result.failure) throw new Error(result.failure);
    return result;
  }

  stop() {
    this.child.disconnect();
  }
}

/** The child's answer. @throws Error when it ends instead */
async function askChild(child, message) {
  const settled = new AbortController();
  const ended = once(child, 'exit', { signal: settled.signal }).then(() => {
    throw new Error(`A process of the run ended (pid ${child.pid}).`);
  });
  child.send(message);
  try {
    const [answer] = await Promise.race([once(child, 'message', { signal: settled.signal }), ended]);
    return answer;
  } finally {
    settled.abort();
    ended.catch(() => {});
  }
}

function statusOf(url) {
  return new Promise((resolve) => {
    get(url, { agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
    }).on('error', () => resolve(undefined));
  });
}
