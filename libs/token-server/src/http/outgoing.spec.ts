import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { OutgoingRules } from '@tessera/resource-model';
import { resolveOptions } from '../resolve-options.js';
import { Outgoing } from './outgoing.js';
import { isSpecialAddress } from './special-addresses.js';

const servers = new Set<http.Server>();
afterEach(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  servers.clear();
});

async function listen(server: http.Server): Promise<number> {
  servers.add(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const outgoing = (rules: Partial<OutgoingRules>) =>
  new Outgoing(resolveOptions({ issuer: 'https://id.example.com', outgoing: rules }).resolved);

const inside = { allowHttp: true, allowPrivateAddresses: true };

describe('Requests of the server itself', () => {
  it('post a form and give back what is answered', async () => {
    const port = await listen(
      http.createServer((request, response) => {
        request.setEncoding('utf8').once('data', (body: string) => {
          response.statusCode = 201;
          response.end(`${request.method} ${request.headers['content-type']} ${request.headers.host} ${body}`);
        });
      }),
    );
    const answer = await outgoing(inside).post(`http://localhost:${port}/out?a=b`, { name: 'a&b c' });
    expect(answer.status).toBe(201);
    expect(answer.body).toBe(`POST application/x-www-form-urlencoded localhost:${port} name=a%26b+c`);
  });

  it('do not follow a redirect', async () => {
    let calls = 0;
    const port = await listen(
      http.createServer((_request, response) => {
        calls++;
        response.writeHead(302, { Location: '/elsewhere' }).end();
      }),
    );
    expect((await outgoing(inside).post(`http://127.0.0.1:${port}/`, {})).status).toBe(302);
    expect(calls).toBe(1);
  });

  it('speak no plain http unless that is allowed', async () => {
    const port = await listen(http.createServer((_request, response) => response.end()));
    const refused = outgoing({ allowPrivateAddresses: true }).post(`http://127.0.0.1:${port}/`, {});
    await expect(refused).rejects.toThrow('only https is');
    await expect(outgoing(inside).post('ftp://127.0.0.1/', {})).rejects.toThrow('only https is');
  });

  it.each(['127.0.0.1', 'localhost', '[::1]', '0x7f.1', '[::ffff:127.0.0.1]', '169.254.169.254'])(
    'do not reach into the network behind the server: %s',
    async (host) => {
      let calls = 0;
      const port = await listen(
        http.createServer((_request, response) => {
          calls++;
          response.end();
        }),
      );
      const refused = outgoing({ allowHttp: true }).post(`http://${host}:${port}/`, {});
      await expect(refused).rejects.toThrow('private or special-purpose');
      expect(calls).toBe(0);
    },
  );

  it('end after the time limit, also where the answer only trickles, and leave no connection behind', async () => {
    let end: (how: string) => void;
    const closed = new Promise<string>((resolve) => (end = resolve));
    const port = await listen(
      http.createServer((_request, response) => {
        const timer = setInterval(() => response.write('.'), 50);
        response.on('close', () => {
          clearInterval(timer);
          end('closed');
        });
      }),
    );
    const late = outgoing({ ...inside, timeout: 1 }).post(`http://127.0.0.1:${port}/`, {});
    await expect(late).rejects.toThrow('no answer within 1 s');
    expect(await Promise.race([closed, setTimeout(2000, 'open')])).toBe('closed');
  });

  it('read no endless answer', async () => {
    const port = await listen(http.createServer((_request, response) => response.end('x'.repeat(70_000))));
    await expect(outgoing(inside).post(`http://127.0.0.1:${port}/`, {})).rejects.toThrow('longer than 65536 bytes');
  });

  it('trust the authorities of the configuration, and no others', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'outgoing-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
    execFileSync('openssl', ['req', '-x509', ...curve, '-nodes', '-keyout', key, '-out', cert, ...subject], {
      stdio: 'ignore',
    });
    const pair = { key: readFileSync(key), cert: readFileSync(cert, 'utf8') };
    rmSync(folder, { recursive: true });
    const port = await listen(https.createServer(pair, (_request, response) => response.end('hello')));
    const address = `https://localhost:${port}/`;
    const trusting = { allowPrivateAddresses: true, certificateAuthorities: [pair.cert] };
    expect((await outgoing(trusting).post(address, {})).body).toBe('hello');
    await expect(outgoing({ allowPrivateAddresses: true }).post(address, {})).rejects.toThrow('self-signed');
  });
});

describe('Special-purpose addresses', () => {
  it.each([
    '0.0.0.0', '10.1.2.3', '100.64.0.1', '127.1.2.3', '169.254.169.254', '172.31.255.255', '192.168.0.1', '198.19.0.1', '224.0.0.1',
    '255.255.255.255', '::', '::1', '::ffff:8.8.8.8', '64:ff9b::7f00:1', 'fd00::1', 'fe80::1', 'ff02::1', '2001:db8::1', '2002:7f00:1::',
  ])('%s is one', (address) => expect(isSpecialAddress(address)).toBe(true)); // prettier-ignore

  it.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450::1'])('%s is none', (address) =>
    expect(isSpecialAddress(address)).toBe(false),
  );
});
