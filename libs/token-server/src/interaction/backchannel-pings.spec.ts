import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { GrantTypes } from '@tessera/protocol';
import { type BackchannelAuthentication, Client, hashHandle, InMemoryClientStore } from '@tessera/resource-model';
import { Outgoing } from '../http/outgoing.js';
import { commonName, TestAuthority } from '../possession/certificates.spec.fixture.js';
import { resolveOptions } from '../resolve-options.js';
import { BackchannelPings } from './backchannel-pings.js';

interface Ping {
  readonly path: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const token = 'the-token-of-the-client';

describe('The notification of a client (CIBA §10.2)', () => {
  const received: Ping[] = [];
  let statuses: number[] = [];
  let server: https.Server;
  let ca: string;

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url = '', method = '', headers } = request;
    received.push({ path: url, method, headers, body: await text(request) });
    response.writeHead(statuses.shift() ?? 204, { location: '/elsewhere' }).end();
  }

  beforeAll(async () => {
    const authority = await TestAuthority.create('the authority');
    const names = [{ type: 'ip', value: '127.0.0.1' }] as const;
    const usages = ['1.3.6.1.5.5.7.3.1'];
    const { cert, key } = await authority.issue({ subject: commonName('client'), names: [...names], usages });
    ca = authority.cert;
    server = https.createServer({ cert, key }, (request, response) => void take(request, response));
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  beforeEach(() => {
    received.length = 0;
    statuses = [];
  });
  afterAll(() => void server.close());

  const endpoint = () => `https://127.0.0.1:${(server.address() as AddressInfo).port}/told`;
  const pings = (difference: Partial<Client> = {}, outgoing: object = { allowPrivateAddresses: true }) => {
    const client = new Client({
      clientId: 'bank',
      allowedGrantTypes: [GrantTypes.ciba],
      backchannelTokenDeliveryMode: 'ping',
      backchannelClientNotificationEndpoint: endpoint(),
      ...difference,
    });
    const { resolved } = resolveOptions({
      issuer: 'https://id.example.com',
      outgoing: { certificateAuthorities: [ca], ...outgoing },
    });
    return new BackchannelPings(new InMemoryClientStore([client]), new Outgoing(resolved));
  };
  const decided: BackchannelAuthentication = {
    handleHash: hashHandle('id'),
    id: 'request',
    clientId: 'bank',
    subject: 'alice',
    scopes: ['openid'],
    ping: { authReqId: 'the-id', token },
    createdAt: 1,
    expiresAt: 301,
    interval: 5,
    decision: { allowed: false },
  };
  /** Milliseconds. */
  const until = async (count: number, patience = 5000) => {
    for (const end = Date.now() + patience; received.length < count && Date.now() < end;) await pause(10);
    return received.length;
  };

  it('is the id as JSON, by POST, with the token of the client', async () => {
    const told = pings();
    told.notify(decided);
    expect(await until(1)).toBe(1);
    const [{ path, method, headers, body }] = received as [Ping];
    expect([method, path, headers['content-type'], headers.authorization]).toEqual([
      'POST',
      '/told',
      'application/json',
      `Bearer ${token}`,
    ]);
    expect(JSON.parse(body)).toEqual({ auth_req_id: 'the-id' });
    await told.onApplicationShutdown();
    expect(received).toHaveLength(1);
  });

  it('is taken for heard with 200 as with 204', async () => {
    statuses = [200];
    const told = pings();
    told.notify(decided);
    await until(1);
    await pause(1200);
    expect(received).toHaveLength(1);
  });

  it('follows no redirect, and tries again what was not heard; the token stays out of the log', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    statuses = [302];
    pings().notify(decided);
    expect(await until(2)).toBe(2);
    expect(received.map(({ path }) => path)).toEqual(['/told', '/told']);
    const lines = JSON.stringify(warn.mock.calls);
    expect(lines).toContain("Client 'bank' was not told of a person's answer: it answered 302");
    expect(lines).not.toContain(token);
    warn.mockRestore();
  });

  it('is not sent to a client that polls, is disabled, or has no address any more', async () => {
    pings().notify({ ...decided, ping: undefined });
    pings({ enabled: false }).notify(decided);
    pings({ backchannelClientNotificationEndpoint: undefined }).notify(decided);
    expect(await until(1, 200)).toBe(0);
  });

  it('reaches nothing behind the server', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const told = pings({}, {});
    told.notify(decided);
    expect(await until(1, 200)).toBe(0);
    await told.onApplicationShutdown();
    expect(JSON.stringify(warn.mock.calls)).toContain('private or special-purpose');
    warn.mockRestore();
  });

  it('is not tried again by a server that ends', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    statuses = [503, 503, 503];
    const told = pings();
    told.notify(decided);
    await until(1);
    const begun = Date.now();
    await told.onApplicationShutdown();
    expect(Date.now() - begun).toBeLessThan(900);
    expect(received).toHaveLength(1);
    warn.mockRestore();
  });
});
