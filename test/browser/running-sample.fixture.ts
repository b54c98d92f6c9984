import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../libs/typeorm-store/src/testing/free-port.fixture.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What `npm start -- --second` runs: child processes, at ports of their own. */
export interface RunningSample {
  readonly sts: string;
  readonly api: string;
  readonly web: string;
  readonly secondWeb: string;
  /** Asks all to end as Ctrl-C does, and gives what they said. */
  close(): Promise<string>;
}

/** Runs what is built; rejects with its output where it does not start. */
export async function startSample(): Promise<RunningSample> {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-sample-'));
  const [sts, api, web, secondWeb] = (await Promise.all([1, 2, 3, 4].map(localUrl))) as [
    string,
    string,
    string,
    string,
  ];
  const config = (await readFile(join(root, 'sts.yaml'), 'utf8'))
    .replaceAll('https://localhost:6001', api)
    .replaceAll('https://localhost:7001', web)
    .replaceAll('https://localhost:7002', secondWeb);
  await writeFile(join(folder, 'sts.yaml'), config);
  const servers = run(
    ['apps/demo/dist/start.js', '--sts', sts, '--api', api, '--web', web, '--second', secondWeb],
    { STS_CONFIG: join(folder, 'sts.yaml'), STS_DATA: folder },
    'Ctrl-C ends all',
  );
  await servers.ready;
  const close = async () => {
    const said = await servers.end();
    await rm(folder, { recursive: true });
    return said;
  };
  return { sts, api, web, secondWeb, close };
}

async function localUrl(): Promise<string> {
  return `https://localhost:${await freePort()}`;
}

function run(args: readonly string[], environment: Readonly<Record<string, string>>, lastWord: string) {
  const child: ChildProcess = spawn(process.execPath, args, {
    cwd: root,
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const ready = new Promise<void>((resolve, reject) => {
    const listen = (text: Buffer) => {
      output += text.toString();
      if (output.includes(lastWord)) resolve();
    };
    child.stdout!.on('data', listen);
    child.stderr!.on('data', listen);
    void ended.then(() => reject(new Error(`${args[0]} has ended:\n${output}`)));
  });
  const end = async () => {
    child.kill('SIGINT');
    await ended;
    return output;
  };
  return { ready, end };
}
