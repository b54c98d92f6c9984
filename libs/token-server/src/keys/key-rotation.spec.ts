import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { calculateJwkThumbprint, compactVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose';
import type { SigningAlgorithm } from '@tessera/protocol';
import {
  Clock,
  InMemorySigningKeyStore,
  type KeyMaterial,
  type SigningKey,
  SigningKeyStore,
} from '@tessera/resource-model';
import { FakeClock, headerOf, run, type RunningServer } from '../running-server.spec.fixture.js';
import type { TokenServerOptions } from '../token-server.options.js';
import { generateSigningKey } from './generate-signing-key.js';
import { KeyRing } from './key-ring.js';
import { KeyUpkeep } from './key-upkeep.js';
import { KeyVault, type Signer } from './key-vault.js';

const day = 86_400;
const start = new FakeClock().now();

/** A store that can be told to be away. */
class RemoteStore extends InMemorySigningKeyStore {
  isAway = false;
  /** Held back until it resolves. */
  delay: Promise<void> | undefined;

  override async list(): Promise<readonly SigningKey[]> {
    if (this.isAway) throw new Error('connection refused');
    const { delay } = this;
    const keys = await super.list();
    await delay;
    return keys;
  }
}

function node(store: SigningKeyStore, clock: Clock, options: Partial<TokenServerOptions> = {}, vault?: KeyVault) {
  const providers = [
    { provide: Clock, useValue: clock },
    { provide: SigningKeyStore, useValue: store },
    ...(vault ? [{ provide: KeyVault, useValue: vault }] : []),
  ];
  return run({ ...options, providers });
}

const credentials = { basic: 'simple_client:secret' };
const tokenOf = async (server: RunningServer): Promise<string> =>
  (await server.post('connect/token', { grant_type: 'client_credentials' }, credentials)).body.access_token;
const isAccepted = async (server: RunningServer, token: string) =>
  (await server.post('connect/introspect', { token }, credentials)).body.active as boolean;
const keySetOf = async (server: RunningServer) =>
  (await server.send('.well-known/openid-configuration/jwks')).body as JSONWebKeySet;
const kidsOf = async (server: RunningServer) => (await keySetOf(server)).keys.map(({ kid }) => kid!);
const kidOf = (token: string) => headerOf(token).kid as string;

describe('Keys that are renewed automatically', () => {
  it('are announced, sign, retire and are deleted, with the defaults after 76, 90, 180 and 194 days', async () => {
    const [store, clock] = [new RemoteStore(), new FakeClock()];
    const server = await node(store, clock);
    const ring = server.app.get(KeyRing);
    const [first] = await kidsOf(server);
    const at = async (days: number) => {
      clock.advance(start + days * day - clock.now());
      await ring.maintain();
      return [kidOf(await tokenOf(server)), await kidsOf(server)] as const;
    };
    expect(await at(75)).toEqual([first, [first]]);
    const second = (await at(76))[1][1];
    expect(await at(89)).toEqual([first, [first, second]]);
    expect(await at(90)).toEqual([second, [first, second]]);
    expect(await at(104)).toEqual([second, [second]]);
    expect((await store.list()).map(({ kid }) => kid)).toEqual([second]);
    expect((await at(180))[0]).not.toBe(second);
    expect((await at(193))[1]).toContain(second);
    expect((await at(194))[1]).not.toContain(second);
  });

  it('change hands to the second, without the store being read', async () => {
    const [store, clock] = [new RemoteStore(), new FakeClock()];
    const server = await node(store, clock);
    const [first] = await kidsOf(server);
    clock.advance(76 * day);
    await server.app.get(KeyRing).maintain();
    store.isAway = true;
    clock.advance(14 * day - 1);
    const last = await tokenOf(server);
    expect(kidOf(last)).toBe(first);
    clock.advance(1);
    expect(kidOf(await tokenOf(server))).not.toBe(first);
    expect(await isAccepted(server, last)).toBe(true);
  });

  it('end at their time while the store is away; the server says so and serves on', async () => {
    const warnings: string[] = [];
    const [store, clock] = [new RemoteStore(), new FakeClock()];
    const providers = [
      { provide: Clock, useValue: clock },
      { provide: SigningKeyStore, useValue: store },
    ];
    const logger = { warn: (line: string) => void warnings.push(line), log: () => {}, error: () => {} };
    const server = await run({ providers }, { logger });
    const [first] = await kidsOf(server);
    clock.advance(76 * day);
    await server.app.get(KeyUpkeep).run();
    store.isAway = true;
    clock.advance(28 * day);
    await server.app.get(KeyUpkeep).run();
    expect(warnings).toEqual([expect.stringMatching(/signing keys could not be read.*connection refused/)]);
    expect(await kidsOf(server)).not.toContain(first);
    expect(await isAccepted(server, await tokenOf(server))).toBe(true);
    store.isAway = false;
    await server.app.get(KeyUpkeep).run();
    expect((await store.list()).map(({ kid }) => kid)).not.toContain(first);
  });

  it('give way to a new one that signs at once where the server was off past the end of all; old tokens stay good', async () => {
    const [store, clock] = [new RemoteStore(), new FakeClock()];
    const keys = { rotationInterval: 2 * day, propagationTime: day, retention: 10 * day };
    const before = await node(store, clock, { keys });
    const token = await tokenOf(before);
    await before.close();
    const { signsFrom } = (await store.list())[0]!;
    const late = await node(store, new FakeClock(signsFrom + 2 * day), { keys });
    expect(kidOf(await tokenOf(late))).not.toBe(kidOf(token));
    expect(await kidsOf(late)).toContain(kidOf(token));
    await late.close();
  });

  it('are one for each algorithm where twenty nodes start at once on one store, and each node signs with it', async () => {
    const [store, clock] = [new RemoteStore(), new FakeClock()];
    const signingAlgorithms = ['ES256', 'EdDSA'] as const;
    const nodes = await Promise.all(Array.from({ length: 20 }, () => node(store, clock, { signingAlgorithms })));
    const stored = (await store.list()).map(({ algorithm, generation }) => `${algorithm} ${generation}`).sort();
    expect(stored).toEqual(['ES256 1', 'EdDSA 1']);
    const tokens = await Promise.all(nodes.map(tokenOf));
    expect(new Set(tokens.map(kidOf)).size).toBe(1);
    clock.advance(76 * day);
    await Promise.all(nodes.map(({ app }) => app.get(KeyRing).maintain()));
    expect(await store.list()).toHaveLength(4);
    expect(new Set(await Promise.all(nodes.map(async (one) => (await kidsOf(one)).sort().join()))).size).toBe(1);
    await Promise.all(nodes.map((one) => one.close()));
  });

  it('have signatures accepted by a node whose clock is behind, before their time comes there', async () => {
    const [store, ahead] = [new RemoteStore(), new FakeClock(start + 5)];
    const [a, b] = [await node(store, ahead), await node(store, new FakeClock(start))];
    expect(kidOf(await tokenOf(b))).toBe(kidOf(await tokenOf(a)));
    expect(await isAccepted(b, await tokenOf(a))).toBe(true);
  });
});

describe('The upkeep of the keys', () => {
  afterEach(() => void jest.useRealTimers());

  it('takes over what other nodes have made and revoked, each second, until the server stops', async () => {
    const store = new RemoteStore();
    const lines: string[] = [];
    const logger = { warn: () => {}, log: (line: string) => void lines.push(line), error: () => {} };
    const providers = [{ provide: Clock, useValue: new FakeClock() }];
    const server = await run({ providers: [...providers, { provide: SigningKeyStore, useValue: store }] }, { logger });
    const upkeep = new KeyUpkeep(server.app.get(KeyRing));
    jest.useFakeTimers({
      doNotFake: ['setTimeout', 'setImmediate', 'nextTick', 'queueMicrotask', 'Date', 'performance'],
    });
    upkeep.onApplicationBootstrap();
    const [first] = await kidsOf(server);
    const second = await generateSigningKey('ES256', start, 2);
    await store.add(second);
    await jest.advanceTimersByTimeAsync(999);
    expect(await kidsOf(server)).toEqual([first]);
    await jest.advanceTimersByTimeAsync(1);
    expect(await kidsOf(server)).toEqual([first, second.kid]);
    await store.remove(first!);
    await jest.advanceTimersByTimeAsync(1000);
    expect(await kidsOf(server)).toEqual([second.kid]);
    expect(lines.filter((line) => line.includes('have changed'))).toEqual([
      `The signing keys in the store have changed: + ${second.kid}`,
      `The signing keys in the store have changed: - ${first}`,
    ]);
    upkeep.onApplicationShutdown();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('asks for the names of the keys alone while nothing changes, and once at a time while the store does not answer', async () => {
    const store = new RemoteStore();
    const server = await node(store, new FakeClock());
    const upkeep = new KeyUpkeep(server.app.get(KeyRing));
    const list = jest.spyOn(store, 'list');
    let answer = (_kids: readonly string[]) => {};
    const asked = jest.spyOn(store, 'kids').mockImplementation(() => new Promise((resolve) => (answer = resolve)));
    jest.useFakeTimers({
      doNotFake: ['setTimeout', 'setImmediate', 'nextTick', 'queueMicrotask', 'Date', 'performance'],
    });
    upkeep.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(5000);
    expect(asked).toHaveBeenCalledTimes(1);
    answer(await kidsOf(server));
    await jest.advanceTimersByTimeAsync(2000);
    upkeep.onApplicationShutdown();
    expect([asked.mock.calls.length > 1, list.mock.calls]).toEqual([true, []]);
  });
});

describe('Keys that are renewed by hand', () => {
  it('sign after a quarter of an hour, or at once where that is asked for', async () => {
    const clock = new FakeClock();
    const server = await node(new RemoteStore(), clock);
    const { kid } = await server.app.get(KeyRing).rotate('ES256');
    const old = await tokenOf(server);
    expect([kidOf(old) === kid, (await kidsOf(server)).includes(kid)]).toEqual([false, true]);
    clock.advance(900);
    expect(kidOf(await tokenOf(server))).toBe(kid);
    const { kid: next } = await server.app.get(KeyRing).rotate('ES256', 0);
    expect(kidOf(await tokenOf(server))).toBe(next);
    expect(await isAccepted(server, old)).toBe(true);
  });

  it('are made each under a generation of its own where twenty nodes do so at once', async () => {
    const [store, clock] = [new RemoteStore(), new FakeClock()];
    const server = await node(store, clock);
    const ring = server.app.get(KeyRing);
    await Promise.all(Array.from({ length: 20 }, () => ring.rotate('ES256')));
    expect((await store.list()).map(({ generation }) => generation).sort((x, y) => x - y)).toEqual(
      Array.from({ length: 21 }, (_, i) => i + 1),
    );
  });
});

describe('A revoked key', () => {
  it('has its tokens refused at once here, on other nodes when they read the keys again, and a new key signs', async () => {
    const [store, clock] = [new RemoteStore(), new FakeClock()];
    const [a, b] = [await node(store, clock), await node(store, clock)];
    const stolen = await tokenOf(a);
    expect(await a.app.get(KeyRing).revoke(kidOf(stolen))).toBe(true);
    const fresh = await tokenOf(a);
    expect([await isAccepted(a, stolen), await isAccepted(a, fresh)]).toEqual([false, true]);
    expect(await kidsOf(a)).toEqual([kidOf(fresh)]);
    await b.app.get(KeyRing).maintain();
    expect([await isAccepted(b, stolen), await isAccepted(b, fresh)]).toEqual([false, true]);
    expect(kidOf(await tokenOf(b))).toBe(kidOf(fresh));
    expect(await a.app.get(KeyRing).revoke(kidOf(stolen))).toBe(false);
  });

  it('is followed by a key that nobody knew: neither an announced one nor a retired one signs in its place', async () => {
    const [store, clock] = [new RemoteStore(), new FakeClock()];
    const server = await node(store, clock);
    const ring = server.app.get(KeyRing);
    const retired = kidOf(await tokenOf(server));
    const { kid: revoked } = await ring.rotate('ES256', 0);
    const { kid: announced } = await ring.rotate('ES256', day);
    await ring.revoke(revoked);
    const fresh = kidOf(await tokenOf(server));
    expect([retired, revoked, announced]).not.toContain(fresh);
    expect(await kidsOf(server)).toEqual([retired, fresh]);
    clock.advance(2 * day);
    await ring.maintain();
    expect(kidOf(await tokenOf(server))).toBe(fresh);
    expect((await store.list()).map(({ kid }) => kid)).toEqual([retired, fresh]);
  });

  it('of an algorithm that is no longer configured leaves no other in its place', async () => {
    const store = new RemoteStore();
    const old = await generateSigningKey('EdDSA', start);
    await store.add(old);
    const server = await node(store, new FakeClock(), { signingAlgorithms: ['ES256'] });
    const [, current] = await kidsOf(server);
    await server.app.get(KeyRing).revoke(old.kid);
    expect(await kidsOf(server)).toEqual([current]);
  });

  it('that is retired takes nothing else with it', async () => {
    const server = await node(new RemoteStore(), new FakeClock());
    const ring = server.app.get(KeyRing);
    const old = await tokenOf(server);
    const { kid } = await ring.rotate('ES256', 0);
    await ring.revoke(kidOf(old));
    expect(await isAccepted(server, old)).toBe(false);
    expect(await kidsOf(server)).toEqual([kid]);
  });

  it('does not come back with an answer of the store that was under way', async () => {
    const store = new RemoteStore();
    const server = await node(store, new FakeClock());
    const ring = server.app.get(KeyRing);
    const stolen = await tokenOf(server);
    let release = () => {};
    store.delay = new Promise((resolve) => (release = resolve));
    const slow = ring.reload();
    store.delay = undefined;
    await ring.revoke(kidOf(stolen));
    release();
    await slow;
    expect(await isAccepted(server, stolen)).toBe(false);
  });
});

/** A hardware module as programs see one: keys have numbers, signatures come out, private keys do not. */
class FakeHsm extends KeyVault {
  readonly slots: (KeyObject | undefined)[] = [];

  async generate(algorithm: SigningAlgorithm): Promise<KeyMaterial> {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const slot = this.slots.push(privateKey) - 1;
    const publicJwk = createPublicKey(privateKey).export({ format: 'jwk' });
    return {
      kid: await calculateJwkThumbprint(publicJwk),
      algorithm,
      privateJwk: { ...publicJwk, slot },
    };
  }

  signer({ privateJwk }: KeyMaterial): Signer {
    const key = this.slots[privateJwk.slot as number]!;
    return {
      sign: async (data) => sign('sha256', Buffer.from(data), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url'),
    };
  }

  override async discard({ privateJwk }: KeyMaterial): Promise<void> {
    this.slots[privateJwk.slot as number] = undefined;
  }
}

describe('Keys in a hardware module', () => {
  it('are not renewed with one that is in use already', async () => {
    const [clock, hsm] = [new FakeClock(), new FakeHsm()];
    const key = await hsm.generate('ES256');
    hsm.generate = async () => key;
    const server = await node(new RemoteStore(), clock, {}, hsm);
    await expect(server.app.get(KeyRing).rotate('ES256')).rejects.toThrow(
      /gave the key .* which the store has already/,
    );
    clock.advance(90 * day);
    await server.app.get(KeyRing).maintain();
    expect(hsm.slots).toEqual([expect.anything()]);
    expect(kidOf(await tokenOf(server))).toBe(key.kid);
  });

  it('are destroyed there when they are deleted or revoked, and when another node was faster', async () => {
    const [store, clock, hsm] = [new RemoteStore(), new FakeClock(), new FakeHsm()];
    const kept = () => hsm.slots.flatMap((key, slot) => (key ? [slot] : []));
    // Each makes a first key, for none sees that of another; one of the three is used.
    let arrived = 0;
    let begin!: () => void;
    const together = new Promise<void>((resolve) => (begin = resolve));
    const { generate } = hsm;
    hsm.generate = async (algorithm) => {
      if (++arrived === 3) begin();
      await together;
      return generate.call(hsm, algorithm);
    };
    const nodes = await Promise.all([1, 2, 3].map(() => node(store, clock, {}, hsm)));
    expect([hsm.slots.length, kept().length]).toEqual([3, 1]);
    const ring = nodes[0]!.app.get(KeyRing);
    await ring.rotate('ES256', 0);
    expect(kept()).toHaveLength(2);
    clock.advance(14 * day);
    await ring.maintain();
    expect(kept()).toEqual([3]);
    await ring.revoke((await store.list())[0]!.kid);
    expect(kept()).toEqual([4]);
  });

  it('are out of the key set also where they cannot be destroyed', async () => {
    const hsm = new FakeHsm();
    hsm.discard = () => Promise.reject(new Error('token removed'));
    const server = await node(new RemoteStore(), new FakeClock(), {}, hsm);
    const [kid] = await kidsOf(server);
    expect(await server.app.get(KeyRing).revoke(kid!)).toBe(true);
    expect(await kidsOf(server)).not.toContain(kid);
  });

  it('sign tokens that others accept, are renewed, and never leave it', async () => {
    const [store, clock, hsm] = [new RemoteStore(), new FakeClock(), new FakeHsm()];
    const server = await node(store, clock, {}, hsm);
    const first = await tokenOf(server);
    clock.advance(76 * day);
    await server.app.get(KeyRing).maintain();
    clock.advance(14 * day);
    const second = await tokenOf(server);
    expect(kidOf(second)).not.toBe(kidOf(first));
    const set = await keySetOf(server);
    for (const token of [first, second]) await compactVerify(token, createLocalJWKSet(set));
    expect(await isAccepted(server, second)).toBe(true);
    const stored = await store.list();
    expect(stored.map(({ privateJwk }) => ['d' in privateJwk, privateJwk.slot])).toEqual([
      [false, 0],
      [false, 1],
    ]);
    expect(set.keys.flatMap(Object.keys)).not.toContain('slot');
  });
});
