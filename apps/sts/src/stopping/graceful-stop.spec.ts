import { once } from 'node:events';
import { Agent as HttpAgent, type ClientRequest, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { describe, expect, it } from '@jest/globals';
import { runMain } from '../running-process.fixture.js';
import { basic, secrets, smallConfiguration } from '../running-sts.fixture.js';
import { temporaryFile, temporaryFolder } from '../temporary-folder.fixture.js';

interface Answer {
  readonly status?: number;
  readonly connection?: string;
}

const body = 'grant_type=client_credentials';
const untrusting = { rejectUnauthorized: false };
const agents = { off: new HttpAgent({ keepAlive: true }), dev: new HttpsAgent({ keepAlive: true, ...untrusting }) };

function ask(url: string, options: object = {}): ClientRequest {
  const secured = url.startsWith('https:');
  return (secured ? httpsRequest : httpRequest)(url, { agent: false, ...untrusting, ...options });
}

async function answerTo(request: ClientRequest): Promise<Answer> {
  const [response] = (await once(request, 'response')) as [import('node:http').IncomingMessage];
  await once(response.resume(), 'end');
  return { status: response.statusCode, connection: response.headers.connection };
}

function tokenRequest(url: string): ClientRequest {
  const headers = {
    authorization: basic('machine', secrets.client),
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': body.length,
  };
  return ask(`${url}/connect/token`, { method: 'POST', headers });
}

async function opened(socket: Socket, event: string): Promise<Socket> {
  await once(socket, event);
  // The server may reset it.
  return socket.on('error', () => undefined);
}

async function closed(socket: Socket): Promise<void> {
  if (!socket.destroyed) await once(socket, 'close');
}

describe.each(['off', 'dev'] as const)('A server that is told to end (STS_TLS=%s)', (tls) => {
  it('says so while it still serves, answers what is under way, and waits for no idle connection', async () => {
    const server = runMain({
      STS_CONFIG: temporaryFile(smallConfiguration),
      STS_DATA: temporaryFolder(),
      STS_TLS: tls,
      STS_HOST: '127.0.0.1',
      STS_PORT: '0',
      STS_DRAIN_SECONDS: '1',
    });
    const url = String((await server.line('ready')).url);
    const ready = () => answerTo(ask(`${url}/health/ready`).end());
    const port = Number(new URL(url).port);
    const unused = [await opened(connect(port, '127.0.0.1'), 'connect')];
    if (tls === 'dev') unused.push(await opened(connectTls({ port, ...untrusting }), 'secureConnect'));
    const keptOpen = ask(`${url}/health/ready`, { agent: agents[tls] });
    expect(await answerTo(keptOpen.end())).toEqual({ status: 200, connection: 'keep-alive' });
    const underWay = tokenRequest(url);
    underWay.write(body.slice(0, 5));
    await delay(100);

    server.process.kill('SIGTERM');
    await server.line('stopping');
    expect(await ready()).toEqual({ status: 503, connection: 'close' });
    expect(await answerTo(tokenRequest(url).end(body))).toEqual({ status: 200, connection: 'close' });
    expect(await answerTo(ask(`${url}/health/live`).end())).toMatchObject({ status: 200 });

    await Promise.all([...unused, keptOpen.socket!].map(closed));
    // Reset where the system had taken the connection in the moment in which nobody listened any more.
    await expect(ready()).rejects.toThrow(/ECONNREFUSED|ECONNRESET/);
    const answered = answerTo(underWay);
    underWay.end(body.slice(5));
    expect(await answered).toEqual({ status: 200, connection: 'close' });
    const answeredAt = Date.now();
    expect(await server.exitCode).toBe(0);
    expect(Date.now() - answeredAt).toBeLessThan(1000);
    expect(server.errors()).toBe('');
  });
});
