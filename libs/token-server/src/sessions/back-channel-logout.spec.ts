import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  Client,
  InMemoryClientStore,
  InMemoryLogoutNoticeStore,
  InMemoryPairwiseSubjectStore,
  InMemorySigningKeyStore,
  randomText,
  type Session,
} from '@tessera/resource-model';
import { Outgoing } from '../http/outgoing.js';
import { ClientKeys } from '../keys/client-keys.js';
import { KeyRing } from '../keys/key-ring.js';
import { resolveOptions } from '../resolve-options.js';
import { claimsOf, FakeClock, headerOf, issuer } from '../running-server.spec.fixture.js';
import { LogoutTokenWriter } from '../tokens/logout-token.writer.js';
import { SubjectIdentifiers } from '../tokens/subject-identifiers.js';
import { TokenEncryption } from '../tokens/token-encryption.js';
import { BackChannelLogout } from './back-channel-logout.js';
import { LogoutNotices } from './logout-notices.js';

const received: { path: string; token: string }[] = [];
let status = 200;
let isHanging = true;
let [open, mostOpen] = [0, 0];
const listener = http.createServer((request, response) => {
  let body = '';
  mostOpen = Math.max(mostOpen, ++open);
  request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
  request.on('end', () => {
    received.push({ path: request.url!, token: new URLSearchParams(body).get('logout_token')! });
    if (request.url === '/hang' && isHanging) return;
    open--;
    response.writeHead(status).end();
  });
});

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 900;
  while (!condition()) {
    if (Date.now() > end) throw new Error('It did not happen within 0.9 s.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

let uri: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  uri = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
});
afterAll(() => void listener.close());
beforeEach(() => {
  received.length = 0;
  status = 200;
  isHanging = true;
  [open, mostOpen] = [0, 0];
});

/** A session ends in which clients with these differences took part. */
async function ended(...differences: Partial<Client>[]) {
  const clock = new FakeClock();
  const { resolved } = resolveOptions({
    issuer,
    signingAlgorithms: ['ES256'],
    outgoing: { allowHttp: true, allowPrivateAddresses: true, timeout: 1 },
  });
  const registered = differences.map(
    (difference, i) =>
      new Client({
        clientId: `client${i}`,
        allowedGrantTypes: ['authorization_code'],
        backChannelLogoutUri: `${uri}/${i}`,
        ...difference,
      }),
  );
  const clients = new InMemoryClientStore(registered);
  const keys = new KeyRing(new InMemorySigningKeyStore(), clock, resolved);
  await keys.onModuleInit();
  const subjects = new SubjectIdentifiers(new InMemoryPairwiseSubjectStore());
  const notices = new InMemoryLogoutNoticeStore();
  const outgoing = new Outgoing(resolved);
  const encryption = new TokenEncryption(new ClientKeys(outgoing, clock));
  const writer = new LogoutTokenWriter(resolved, keys, subjects, encryption, clock);
  const logout = new BackChannelLogout(notices, clients, writer, outgoing, clock);
  await new LogoutNotices(notices, clients, clock).send({
    id: 'sid1',
    subject: 'alice',
    clients: registered.map(({ clientId }) => clientId),
  } as unknown as Session);
  /** As many sessions more end in which these clients took part. */
  const add = (clientIds: readonly string[]) =>
    notices.add(
      clientIds.map((clientId, i) => ({
        id: randomText(16),
        clientId,
        subject: 'alice',
        sessionId: `sid of ${i}`,
        attempts: 0,
        dueAt: clock.now(),
        expiresAt: clock.now() + 86_400,
      })),
    );
  return { clock, clients, logout, add };
}

describe('Back-channel logout', () => {
  it('sends a logout token (OpenID Connect Back-Channel Logout §2.4)', async () => {
    const { logout, clock } = await ended({});
    await logout.deliverDue();
    expect(received).toHaveLength(1);
    const { token } = received[0]!;
    expect(headerOf(token)).toMatchObject({ typ: 'logout+jwt', alg: 'ES256' });
    expect(claimsOf(token)).toEqual({
      iss: issuer,
      sub: 'alice',
      aud: 'client0',
      iat: clock.now(),
      exp: clock.now() + 120,
      jti: expect.any(String),
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
      sid: 'sid1',
    });
  });

  it('says which session only to clients that want it, and calls the person as the client does', async () => {
    const { logout } = await ended({
      backChannelLogoutSessionRequired: false,
      subjectType: 'pairwise',
      pairwiseSubjectSalt: 'salt of sixteen characters',
    });
    await logout.deliverDue();
    const claims = claimsOf(received[0]!.token);
    expect(claims).not.toHaveProperty('sid');
    expect(claims.sub).toMatch(/^[\w-]{43}$/);
  });

  it('tells every client once, however many they are', async () => {
    const { logout } = await ended(...Array.from({ length: 23 }, () => ({})));
    await Promise.all([logout.deliverDue(), logout.deliverDue()]);
    await logout.deliverDue();
    const paths = received.map(({ path }) => path);
    expect([paths.length, new Set(paths).size]).toEqual([23, 23]);
  });

  it('of one client that hangs holds up no other, however many of its notices wait', async () => {
    const { logout, add } = await ended({ backChannelLogoutUri: `${uri}/hang` }, {});
    await add(Array.from({ length: 2500 }, () => 'client0'));
    const all = logout.deliverDue();
    await until(() => received.some(({ path }) => path === '/1'));
    // Now that all its places could be taken, another session ends.
    await add(['client1']);
    const more = logout.deliverDue();
    await until(() => received.filter(({ path }) => path === '/1').length === 2);
    expect(received.filter(({ path }) => path === '/hang')).toHaveLength(1);
    await Promise.all([all, more]);
  });

  it('leaves a client that did not answer alone for a while, with all of its notices, and longer each time', async () => {
    const { logout, add, clock } = await ended({ backChannelLogoutUri: `${uri}/hang` });
    await add(Array.from({ length: 100 }, () => 'client0'));
    for (const seconds of [5, 15, 60]) {
      received.length = 0;
      await logout.deliverDue();
      clock.advance(seconds - 1);
      await logout.deliverDue();
      expect(received).toHaveLength(1);
      clock.advance(1);
    }
    isHanging = false;
    received.length = 0;
    await logout.deliverDue();
    expect(received).toHaveLength(101);
  });

  it('tells one client of many ended sessions one after the other', async () => {
    const { logout, add } = await ended({});
    await add(Array.from({ length: 30 }, () => 'client0'));
    await logout.deliverDue();
    expect([received.length, mostOpen]).toEqual([31, 1]);
  });

  it.each([500, 302, 404])('tries again later after %i, with a token of its own', async (answer) => {
    const { logout, clock } = await ended({});
    status = answer;
    await logout.deliverDue();
    clock.advance(4);
    await logout.deliverDue();
    expect(received).toHaveLength(1);
    clock.advance(1);
    status = 204;
    await logout.deliverDue();
    expect(received).toHaveLength(2);
    expect(claimsOf(received[0]!.token).jti).not.toBe(claimsOf(received[1]!.token).jti);
    clock.advance(3600);
    await logout.deliverDue();
    expect(received).toHaveLength(2);
  });

  it('takes a 400 for a refusal', async () => {
    const { logout, clock } = await ended({});
    status = 400;
    await logout.deliverDue();
    clock.advance(3600);
    await logout.deliverDue();
    expect(received).toHaveLength(1);
  });

  it('goes on with the others where one cannot be reached', async () => {
    const { logout } = await ended({ backChannelLogoutUri: 'http://127.0.0.1:1/' }, {});
    await logout.deliverDue();
    expect(received.map(({ path }) => path)).toEqual(['/1']);
  });

  it('tells no client that has been disabled since', async () => {
    const { logout, clients } = await ended({});
    (await clients.find('client0'))!.enabled = false;
    await logout.deliverDue();
    expect(received).toEqual([]);
  });
});
