import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A running nginx of one's own. */
export interface RunningNginx {
  stop(): Promise<void>;
}

/** What a proxy of ours consists of. */
export interface NginxPlan {
  /** The `upstream` and `server` blocks. Relative paths are within the folder of this nginx. */
  readonly blocks: string;
  /** More files in the folder: certificates. */
  readonly files?: Readonly<Record<string, string>>;
  /** Whether it answers. */
  readonly isReady: () => Promise<boolean>;
}

const configurationOf = (folder: string, blocks: string) => `
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 256; }
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((what) => `${what}_temp_path ${folder}/${what};`).join(' ')}
  ${blocks}
}`;

/** @throws Error where there is no nginx: on Debian it is `apt-get install nginx-light` */
export async function runNginx({ blocks, files = {}, isReady }: NginxPlan): Promise<RunningNginx> {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-nginx-'));
  const file = join(folder, 'nginx.conf');
  await writeFile(file, configurationOf(folder, blocks));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const child = spawn('nginx', ['-e', join(folder, 'error.log'), '-p', folder, '-c', file], { stdio: 'inherit' });
  const ended = once(child, 'close');
  await once(child, 'spawn');
  while (!(await isReady())) {
    if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}.`);
    await delay(20);
  }
  const stop = async () => {
    child.kill();
    await ended;
    await rm(folder, { recursive: true });
  };
  return { stop };
}
