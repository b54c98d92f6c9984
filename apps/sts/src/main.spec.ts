import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { get as httpsGet } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { type RunningProcess, runMain } from './running-process.fixture.js';
import { basic, secrets, smallConfiguration } from './running-sts.fixture.js';
import { temporaryFile, temporaryFolder } from './temporary-folder.fixture.js';

const good = () => ({
  STS_CONFIG: temporaryFile(smallConfiguration),
  STS_DATA: temporaryFolder(),
  STS_TLS: 'off',
  STS_HOST: '127.0.0.1',
  STS_PORT: '0',
});

async function urlOf(server: RunningProcess): Promise<string> {
  return String((await server.line('ready')).url);
}

/** A token request whose body comes later: under way until it is finished. */
function beginTokenRequest(url: string) {
  const body = new URLSearchParams({ grant_type: 'client_credentials' }).toString();
  const headers = {
    authorization: basic('machine', secrets.client),
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': body.length,
  };
  const outgoing = httpRequest(`${url}/connect/token`, { method: 'POST', headers });
  const status = new Promise<number | undefined>((resolve, reject) => {
    outgoing.once('response', (response) => resolve(response.resume().statusCode)).once('error', reject);
  });
  outgoing.write(body.slice(0, 5));
  return { status, finish: () => outgoing.end(body.slice(5)) };
}

describe('The server as a process', () => {
  it('says where it listens when it is ready, makes what it needs in STS_DATA, and speaks TLS', async () => {
    const data = temporaryFolder();
    const { STS_TLS: _tls, ...variables } = good();
    const server = runMain({ ...variables, STS_DATA: data });
    const ready = await server.line('ready');
    expect(ready).toMatchObject({ level: 'info', issuer: 'https://id.example.com', tls: 'dev', database: 'sqlite' });
    const made = readdirSync(data).filter((name) => !name.startsWith('sts.sqlite-'));
    expect(made.sort()).toEqual(['encryption.key', 'sts.sqlite', 'tls']);
    const ca = readFileSync(join(data, 'tls', 'ca.pem'));
    const status = await new Promise((resolve, reject) => {
      httpsGet(`${String(ready.url)}/health/ready`, { ca }, (response) => resolve(response.resume().statusCode)).on(
        'error',
        reject,
      );
    });
    expect(status).toBe(200);
    server.process.kill('SIGTERM');
    expect(await server.exitCode).toBe(0);
  });

  it('in production finishes a request under way when it is told to end, and lets no new one in', async () => {
    const production = { NODE_ENV: 'production', STS_TRUST_PROXY: 'loopback', STS_DRAIN_SECONDS: '0' };
    const server = runMain({ ...good(), ...production, STS_ENCRYPTION_KEYS: Buffer.alloc(32, 7).toString('base64') });
    const url = await urlOf(server);
    const underWay = beginTokenRequest(url);
    await delay(100);
    server.process.kill('SIGTERM');
    await server.line('stopping');
    await delay(100);
    await expect(fetch(`${url}/health/live`)).rejects.toThrow();
    underWay.finish();
    const finishedAt = Date.now();
    expect(await underWay.status).toBe(200);
    expect(await server.exitCode).toBe(0);
    // It does not wait for the client to let go of the connection.
    expect(Date.now() - finishedAt).toBeLessThan(3000);
    expect(server.errors()).toBe('');
  });

  it('takes two signals at once for one: under npm a Ctrl-C comes twice', async () => {
    const server = runMain(good());
    const underWay = beginTokenRequest(await urlOf(server));
    await delay(100);
    server.process.kill('SIGINT');
    await server.line('stopping');
    server.process.kill('SIGINT');
    await delay(50);
    underWay.finish();
    expect(await underWay.status).toBe(200);
    expect(await server.exitCode).toBe(0);
  });

  it('waits no longer when it is told a second time', async () => {
    const server = runMain(good());
    const underWay = beginTokenRequest(await urlOf(server));
    underWay.status.catch(() => undefined);
    await delay(100);
    server.process.kill('SIGTERM');
    await delay(800);
    server.process.kill('SIGTERM');
    expect(await server.exitCode).toBe(1);
  });
});

describe('The server does not start', () => {
  it('at a port in use, and says so in one plain sentence', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const server = runMain({ ...good(), STS_PORT: String(port) });
    expect(await server.exitCode).toBe(1);
    expect(server.errors()).toBe(
      `The server does not start: port ${port} of 127.0.0.1 is in use by another program. End it, or choose another port with STS_PORT.\n`,
    );
    other.close();
  });

  it('with a wrong configuration, and leaves nothing half-made', async () => {
    const folder = temporaryFolder();
    // Had it tried to listen, it would complain of the port.
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    writeFileSync(join(folder, 'sts.yaml'), smallConfiguration.replace('[client_credentials]', 'client_credentials'));

    const server = runMain({ STS_PORT: String(port), STS_HOST: '127.0.0.1' }, folder);
    expect(await server.exitCode).toBe(1);
    other.close();
    expect(server.output()).toBe('');
    expect(server.errors()).toMatch(
      /^The server does not start: its configuration has one fault\.\n {2}- sts\.yaml:10:24 [^\n]*\n$/,
    );
    expect(readdirSync(folder)).toEqual(['sts.yaml']);
  });
});
