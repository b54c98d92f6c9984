import 'reflect-metadata';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, decodeProtectedHeader, errors, type JSONWebKeySet, jwtVerify } from 'jose';
import { AccessTokenVerifier, JwtGuardModule } from '@tessera/jwt-guard';
import {
  type ClientInit,
  InMemorySigningKeyStore,
  KeyRing,
  type KeyRules,
  Secret,
  sha256,
  SigningKeyStore,
} from '@tessera/token-server';
import { basic, FakeClock, type RunningServer, seed, startServer } from '../running-server.js';

// Keys come and go, and nobody who keeps to the rules of caching ever refuses a good token.

const [minute, hour, day] = [60, 3600, 86_400];

const machine = (clientId: string, accessTokenLifetime: number): ClientInit => ({
  clientId,
  allowedGrantTypes: ['client_credentials'],
  clientSecrets: [new Secret(sha256('secret'))],
  allowedScopes: ['api1'],
  accessTokenLifetime,
});

/** Checks tokens with the key set, which it keeps for as long as the server allows. */
class RelyingParty {
  /** Fetches that a key id which was not in the set has caused: there would be none with patience. */
  surprises = 0;
  /** How many keys the set has. */
  size = 0;
  private held: { readonly keys: ReturnType<typeof createLocalJWKSet>; readonly until: number } | undefined;

  constructor(
    private readonly server: RunningServer,
    private readonly issuer: string,
    private readonly clock: FakeClock,
  ) {}

  async verify(token: string): Promise<void> {
    if (!this.held || this.clock.now() >= this.held.until) await this.fetch();
    try {
      await this.check(token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      this.surprises += 1;
      await this.fetch();
      await this.check(token);
    }
  }

  private async check(token: string): Promise<void> {
    const currentDate = new Date(this.clock.now() * 1000);
    await jwtVerify(token, this.held!.keys, { issuer: this.issuer, currentDate });
  }

  private async fetch(): Promise<void> {
    const { body, headers } = await this.server.send('.well-known/openid-configuration/jwks');
    const [, age] = /max-age=(\d+)/.exec(headers.get('cache-control') ?? '') ?? [];
    this.size = (body as JSONWebKeySet).keys.length;
    this.held = { keys: createLocalJWKSet(body as JSONWebKeySet), until: this.clock.now() + Number(age) };
  }
}

interface Issued {
  readonly token: string;
  readonly expiresAt: number;
}

/** Every token that was issued and has not expired. */
class Wallet {
  readonly kids = new Set<string>();
  private tokens: readonly Issued[] = [];

  constructor(private readonly clock: FakeClock) {}

  async take(server: RunningServer, { clientId, accessTokenLifetime }: ClientInit): Promise<void> {
    const { body } = await server.form('connect/token', { grant_type: 'client_credentials' }, basic(clientId));
    const token = body.access_token as string;
    this.kids.add(decodeProtectedHeader(token).kid!);
    this.tokens = [...this.good, { token, expiresAt: this.clock.now() + accessTokenLifetime! }];
  }

  get good(): readonly Issued[] {
    return this.tokens.filter(({ expiresAt }) => expiresAt > this.clock.now());
  }
}

const closing: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of closing.splice(0)) await one.close();
});

async function startNode(
  keys: Partial<KeyRules>,
  clients: ClientInit[],
  of: { clock: FakeClock; store: SigningKeyStore; issuer?: string },
) {
  const providers = [{ provide: SigningKeyStore, useValue: of.store }];
  const issuer = of.issuer ? { issuer: of.issuer } : {};
  const options = { ...seed, ...issuer, signingAlgorithms: ['ES256'] as const, keys, clients, providers };
  const server = await startServer({ clock: of.clock, options });
  closing.push(server);
  return server;
}

async function startGuard(issuer: string, clock: FakeClock, jwksUri?: string): Promise<AccessTokenVerifier> {
  const options = { issuer, audience: 'api1', clock: () => clock.now() * 1000, jwksUri };
  const guard: INestApplicationContext = await NestFactory.createApplicationContext(JwtGuardModule.forRoot(options), {
    logger: false,
  });
  closing.push(guard);
  return guard.get(AccessTokenVerifier);
}

describe('Signing keys are renewed', () => {
  it('over a year, day by day, and no token is refused before its end', async () => {
    const clients = [machine('usual_client', hour), machine('patient_client', 13 * day)];
    const clock = new FakeClock();
    const server = await startNode({}, clients, { clock, store: new InMemorySigningKeyStore() });
    const party = new RelyingParty(server, server.url, clock);
    const guard = await startGuard(server.url, clock);
    const wallet = new Wallet(clock);
    let verified = 0;
    let mostKeys = 0;
    const verify = async (issued: readonly Issued[]) => {
      for (const { token } of issued) {
        await party.verify(token);
        await guard.verify(token);
        verified += 1;
      }
    };
    for (let today = 0; today < 365; today++) {
      await verify(wallet.good);
      // The caches are now as full as they get; what is issued next must be among what they hold.
      clock.advance(299);
      await server.app.get(KeyRing).maintain();
      for (const client of clients) await wallet.take(server, client);
      await verify(wallet.good.slice(-clients.length));
      mostKeys = Math.max(mostKeys, party.size);
      clock.advance(day - 299);
    }
    expect({ keys: wallet.kids.size, mostKeys, surprises: party.surprises }).toEqual({
      keys: 5,
      mostKeys: 2,
      surprises: 0,
    });
    expect(verified).toBeGreaterThan(5000);
  });

  it('on two nodes with the shortest times allowed, minute by minute, and no token is refused anywhere', async () => {
    const clients = [machine('usual_client', hour)];
    // So that the change falls on another moment between two fetches each time.
    const keys = { rotationInterval: 2 * hour + 130, propagationTime: 900, retention: hour + 300 };
    const of = { clock: new FakeClock(), store: new InMemorySigningKeyStore() };
    const a = await startNode(keys, clients, of);
    const b = await startNode(keys, clients, { ...of, issuer: a.url });
    const { clock } = of;
    const nodes = [a, b];
    // Whoever has the keys from the one node is shown the tokens of both.
    const parties = nodes.map((node) => new RelyingParty(node, a.url, clock));
    const guards = await Promise.all(
      nodes.map((node) => startGuard(a.url, clock, `${node.url}/.well-known/openid-configuration/jwks`)),
    );
    const wallet = new Wallet(clock);
    const refused: string[] = [];
    for (let now = 0; now < 12 * hour; now += minute / 2) {
      // One reads the keys at the full minute, the other at the half.
      await nodes[(now / (minute / 2)) % 2]!.app.get(KeyRing).maintain();
      if (now % (4 * minute) === 0) for (const node of nodes) await wallet.take(node, clients[0]!);
      const good = wallet.good.map(({ token }) => token);
      // The oldest and the newest of what is good: in between nothing else happens.
      for (const token of new Set([good[0]!, good.at(-1)!])) {
        const checks = [...parties, ...guards].map((one) => one.verify(token));
        for (const check of await Promise.allSettled(checks))
          if (check.status === 'rejected') refused.push(`${now}: ${String(check.reason)}`);
      }
      const newest = good.at(-1)!;
      for (const node of now % (4 * minute) === 0 ? nodes : []) {
        const { body } = await node.form('connect/introspect', { token: newest }, basic('usual_client'));
        if (!body.active) refused.push(`${now}: introspection`);
      }
      clock.advance(minute / 2);
    }
    expect({ refused, surprises: parties.map(({ surprises }) => surprises), keys: wallet.kids.size }).toEqual({
      refused: [],
      surprises: [0, 0],
      keys: 6,
    });
    expect((await of.store.list()).length).toBeLessThanOrEqual(3);
  });
});
