import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import dns from 'node:dns/promises';
import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import type { AddressInfo, LookupFunction, Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { OutgoingRules } from '@tessera/resource-model';
import { resolveOptions } from '../resolve-options.js';
import { Outgoing } from './outgoing.js';

/** A public address. The connection to it is cut before it is made. */
const outside = { address: '8.8.8.8', family: 4 };
const inside = { address: '127.0.0.1', family: 4 };

/** How somebody else, who may, finds what is inside. */
const toInside: LookupFunction = (_name, { all }, callback) =>
  all ? callback(null, [inside]) : callback(null, inside.address, inside.family);

/** What the name service of an attacker says, question by question. */
let answers: (typeof outside)[][] = [];
let questions = 0;

const lookup = jest.spyOn(dns, 'lookup').mockImplementation((async () => {
  questions++;
  // The last answer stays.
  return answers.length > 1 ? answers.shift()! : answers[0]!;
}) as unknown as typeof dns.lookup);
// What others import by name is the same function again.
syncBuiltinESMExports();
afterAll(() => {
  lookup.mockRestore();
  syncBuiltinESMExports();
});

describe('DNS rebinding: a name that leads elsewhere a moment after it was checked', () => {
  let service: http.Server;
  let reached = 0;
  let tried: string[] = [];

  /** Notes where a connection leads; those out of this machine are cut. */
  const watch = (message: unknown) => {
    const { socket } = message as { socket: Socket };
    socket.on('connectionAttempt', (ip: string) => {
      tried.push(ip);
      if (ip === outside.address) process.nextTick(() => socket.destroy(new Error('cut')));
    });
  };

  beforeAll(async () => {
    subscribe('net.client.socket', watch);
    service = http.createServer((_request, response) => {
      reached++;
      response.end('inside');
    });
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    unsubscribe('net.client.socket', watch);
    service.close();
  });
  beforeEach(() => {
    questions = 0;
    reached = 0;
    tried = [];
  });
  afterEach(() => expect(reached).toBe(0));

  const call = (rules: Partial<OutgoingRules> = {}) =>
    new Outgoing(
      resolveOptions({ issuer: 'https://id.example.com', outgoing: { allowHttp: true, ...rules } }).resolved,
    ).get(`http://rebinding.example:${(service.address() as AddressInfo).port}/`);

  it('is asked for once, and what is called is the address that was checked', async () => {
    answers = [[outside], [inside]];
    await expect(call()).rejects.toThrow('cut');
    expect({ questions, tried }).toEqual({ questions: 1, tried: [outside.address] });
  });

  it('is called at those of its addresses alone that may be called', async () => {
    answers = [[inside, outside]];
    await expect(call()).rejects.toThrow('cut');
    expect(tried).toEqual([outside.address]);
  });

  it('is not called through a connection that another part of the application keeps open to it', async () => {
    const { port } = service.address() as AddressInfo;
    const kept = { host: 'rebinding.example', port, agent: http.globalAgent, lookup: toInside };
    await new Promise<void>((resolve, reject) => {
      http.get(kept, (response) => response.resume().on('end', resolve)).on('error', reject);
    });
    await new Promise(setImmediate);
    expect(Object.values(http.globalAgent.freeSockets).flat()).toHaveLength(1);
    [reached, tried] = [0, []];
    answers = [[outside]];
    await expect(call()).rejects.toThrow('cut');
    expect(tried).toEqual([outside.address]);
    http.globalAgent.destroy();
  });

  it('is not called at an address of a link of this machine (RFC 4007 §11: a zone)', async () => {
    answers = [[{ address: '2001:4860:4860::8888%lo', family: 6 }]];
    await expect(call()).rejects.toThrow('private or special-purpose');
    expect(tried).toEqual([]);
  });

  it('is checked again with the next request', async () => {
    answers = [[outside], [inside]];
    await expect(call()).rejects.toThrow('cut');
    await expect(call()).rejects.toThrow('private or special-purpose');
    expect(tried).toEqual([outside.address]);
  });
});

describe('The network behind the server, where it may be called', () => {
  it('is reached through the same name', async () => {
    answers = [[inside]];
    const service = http.createServer((_request, response) => response.end('inside'));
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
    const rules = { allowHttp: true, allowPrivateAddresses: true };
    const outgoing = new Outgoing(resolveOptions({ issuer: 'https://id.example.com', outgoing: rules }).resolved);
    const { body } = await outgoing.get(`http://rebinding.example:${(service.address() as AddressInfo).port}/`);
    service.closeAllConnections();
    service.close();
    expect(body).toBe('inside');
  });
});
