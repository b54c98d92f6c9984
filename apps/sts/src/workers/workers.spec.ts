import type { ClientRequest } from 'node:http';
import { request } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { type RunningProcess, runMain } from '../running-process.fixture.js';
import { basic, secrets, smallConfiguration } from '../running-sts.fixture.js';
import { temporaryFile, temporaryFolder } from '../temporary-folder.fixture.js';

const good = () => ({
  STS_CONFIG: temporaryFile(smallConfiguration),
  STS_DATA: temporaryFolder(),
  STS_HOST: '127.0.0.1',
  STS_PORT: '0',
  STS_WORKERS: '2',
  STS_LOG_LEVEL: 'debug',
});

function linesOf(server: RunningProcess, message: string): Record<string, unknown>[] {
  const lines = server.output().split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ msg }) => msg === message);
}

function workersOf(server: RunningProcess): number[] {
  return linesOf(server, 'a worker is ready').map(({ worker }) => Number(worker));
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await delay(20);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Over a connection of its own. */
const connection = { agent: false, rejectUnauthorized: false };

function statusOf(request: ClientRequest): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request.once('response', (response) => resolve(response.resume().statusCode)).once('error', reject);
  });
}

function readiness(url: string): Promise<number | undefined> {
  return statusOf(request(`${url}/health/ready`, connection).end());
}

/** A token request whose body comes later. */
function beginTokenRequest(url: string) {
  const body = 'grant_type=client_credentials';
  const headers = {
    authorization: basic('machine', secrets.client),
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': body.length,
  };
  const outgoing = request(`${url}/connect/token`, { method: 'POST', headers, ...connection });
  const status = statusOf(outgoing);
  outgoing.write(body.slice(0, 5));
  return { status, finish: () => outgoing.end(body.slice(5)) };
}

describe('Several workers', () => {
  it('share one port and one certificate, one that dies is replaced, and Ctrl-C lets requests under way finish', async () => {
    const server = runMain(good());
    const ready = await server.line('ready');
    const url = String(ready.url);
    expect(ready.workers).toBe(2);
    const workers = workersOf(server);
    expect(workers).toHaveLength(2);
    for (let times = 0; times < 6; times++) expect(await readiness(url)).toBe(200);
    await until(() => linesOf(server, 'request').length === 6);
    expect(new Set(linesOf(server, 'request').map(({ worker }) => worker))).toEqual(new Set(workers));

    process.kill(workers[0]!, 'SIGKILL');
    expect(await server.line('a worker ended, and is replaced')).toMatchObject({
      level: 'error',
      worker: workers[0],
      signal: 'SIGKILL',
      replacedIn: 1,
    });
    expect(await readiness(url)).toBe(200);
    await until(() => workersOf(server).length === 3);
    for (let times = 0; times < 6; times++) expect(await readiness(url)).toBe(200);

    const underWay = beginTokenRequest(url);
    await delay(200);
    // A terminal sends it to each of them.
    for (const pid of [...workersOf(server).slice(1), server.process.pid!]) process.kill(pid, 'SIGINT');
    await server.line('stopping');
    await delay(800);
    underWay.finish();
    expect(await underWay.status).toBe(200);
    expect(await server.exitCode).toBe(0);
    expect(workersOf(server).filter(isAlive)).toEqual([]);
    expect(linesOf(server, 'ready')).toHaveLength(1);
    expect(server.errors()).toBe('');
  });

  it('wait no longer when they are told a second time', async () => {
    const server = runMain(good());
    const underWay = beginTokenRequest(String((await server.line('ready')).url));
    underWay.status.catch(() => undefined);
    await delay(200);
    server.process.kill('SIGTERM');
    await delay(800);
    server.process.kill('SIGTERM');
    expect(await server.exitCode).toBe(1);
    await until(() => !workersOf(server).some(isAlive));
  });

  it('end by themselves when the primary is killed', async () => {
    const server = runMain(good());
    await server.line('a worker is ready');
    server.process.kill('SIGKILL');
    // Those that were still starting have its output open, too.
    await server.exitCode;
    await until(() => !workersOf(server).some(isAlive));
  });
});

describe('Several workers do not start', () => {
  it('with a wrong configuration, which is said once', async () => {
    const wrong = smallConfiguration.replace('[client_credentials]', 'client_credentials');
    const server = runMain({ ...good(), STS_CONFIG: temporaryFile(wrong) });
    expect(await server.exitCode).toBe(1);
    expect(server.errors().match(/The server does not start/g)).toHaveLength(1);
    expect(server.output()).toBe('');
  });

  it('with a fault that only the start shows, which is said once', async () => {
    const server = runMain({ ...good(), STS_MIGRATE: 'never' });
    expect(await server.exitCode).toBe(1);
    expect(server.errors()).toMatch(/^The server does not start: [^\n]*schema[^\n]*\n$/);
  });
});
