import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../libs/typeorm-store/src/testing/free-port.fixture.js';
import { configuration } from './configuration.js';

/** Everything that stays the same when the process does not. */
export interface NodePlan {
  readonly port: number;
  /** The data folder. */
  readonly data: string;
  readonly databaseUrl: string;
  /** How many processes share the port. Default: one, which is the node itself. */
  readonly workers?: number;
}

/** One process of the server, as it is deployed. */
export interface StsNode {
  readonly url: string;
  /** What it logged of faults, beside the requests that it answered with 503. */
  faults(): string;
  /** At once, in the middle of whatever it does. */
  kill(): Promise<void>;
  /** One of its workers, at once; waits until another has taken its place. */
  replaceWorker(): Promise<void>;
  /** Whether it runs. */
  isRunning(): boolean;
}

const main = fileURLToPath(new URL('../../apps/sts/dist/main.js', import.meta.url));
const running = new Set<ChildProcess>();

export function killAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

export async function planNode(data: string, databaseUrl: string): Promise<NodePlan> {
  writeFileSync(join(data, 'sts.yaml'), configuration);
  return { port: await freePort(), data, databaseUrl };
}

/** Starts a node and waits until it is ready. */
export async function startNode({ port, data, databaseUrl, workers = 1 }: NodePlan): Promise<StsNode> {
  const variables = {
    PATH: process.env.PATH,
    STS_CONFIG: join(data, 'sts.yaml'),
    STS_DATA: data,
    STS_DATABASE_URL: databaseUrl,
    STS_ENCRYPTION_KEYS: Buffer.alloc(32, 7).toString('base64'),
    STS_HOST: '127.0.0.1',
    STS_PORT: String(port),
    STS_TLS: 'off',
    STS_LOG_LEVEL: workers > 1 ? 'info' : 'error',
    STS_WORKERS: String(workers),
  };
  const child = spawn(process.execPath, [main], { cwd: data, env: variables });
  running.add(child);
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (log += text));
  }
  const ended = once(child, 'close').then(() => running.delete(child));
  const node: StsNode = {
    url: `http://127.0.0.1:${port}`,
    faults: () =>
      log
        .split('\n')
        .filter((line) => !line.includes('"status":503') && !/^{"level":"(?:info|warn)"/.test(line))
        .join('\n'),
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    replaceWorker: async () => {
      const ready = () => log.split('a worker is ready').length;
      const before = ready();
      const [first] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').split(' ');
      process.kill(Number(first), 'SIGKILL');
      while (ready() === before) await delay(20);
    },
    isRunning: () => child.exitCode === null && child.signalCode === null,
  };
  await untilReady(node);
  while (workers > 1 && !log.includes('"msg":"ready"')) await delay(20);
  return node;
}

/** Whether it may be sent requests: the answer of the readiness probe, 0 where there is none. */
export async function readiness({ url }: Pick<StsNode, 'url'>): Promise<number> {
  return fetch(`${url}/health/ready`).then(
    async (response) => {
      await response.arrayBuffer();
      return response.status;
    },
    () => 0,
  );
}

/** Gives the milliseconds that it took. */
export async function untilReady(node: StsNode, patience = 60_000): Promise<number> {
  const start = Date.now();
  while ((await readiness(node)) !== 200) {
    if (!node.isRunning()) throw new Error(`The server ended. It said: ${node.faults()}`);
    if (Date.now() - start > patience)
      throw new Error(`The server at ${node.url} is not ready (${await readiness(node)}). It said: ${node.faults()}`);
    await delay(20);
  }
  return Date.now() - start;
}

/** The public signing keys, as they are published. */
export async function keySetOf({ url }: StsNode): Promise<string> {
  return (await fetch(`${url}/.well-known/openid-configuration/jwks`)).text();
}
