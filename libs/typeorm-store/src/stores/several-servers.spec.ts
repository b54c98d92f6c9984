import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  createHandle,
  type DeviceAuthorization,
  hashHandle,
  type LogoutNotice,
  type Session,
} from '@tessera/resource-model';
import type { Database } from '../database/database.js';
import { databases, openDatabase, type TestDatabase } from '../testing/databases.fixture.js';
import { TypeOrmDeviceAuthorizationStore } from './typeorm-device-authorization.store.js';
import { TypeOrmLogoutNoticeStore } from './typeorm-logout-notice.store.js';
import { TypeOrmSessionStore } from './typeorm-session.store.js';
import { TypeOrmSignInAttempts } from './typeorm-sign-in-attempts.store.js';

const session = (): Session => ({
  handleHash: hashHandle(createHandle()),
  id: 'session',
  subject: 'alice',
  authentication: { time: 1000, methods: ['pwd'] },
  remembered: false,
  createdAt: 1000,
  lastSeenAt: 1000,
  expiresAt: 2000,
  clients: ['first'],
});
const device = (): DeviceAuthorization => ({
  handleHash: hashHandle(createHandle()),
  userCodeHash: hashHandle('the same'),
  clientId: 'television',
  scopes: ['openid'],
  createdAt: 1000,
  expiresAt: 1300,
  interval: 5,
});
const notice = (id: string, clientId: string): LogoutNotice => ({
  id,
  clientId,
  subject: 'alice',
  sessionId: 'session',
  attempts: 0,
  dueAt: 100,
  expiresAt: 1000,
});

/** For one minute. */
const rule = { free: 3, longest: 60, within: 60 };

describe.each(databases)('Two servers on one database: %s', (_name, open) => {
  let test: TestDatabase;
  let other: Omit<TestDatabase, 'close'>;
  beforeAll(async () => {
    test = await open();
    other = await openDatabase(test.url);
  }, 60_000);
  beforeEach(() => test.clear());
  afterAll(async () => {
    await other.dataSource.destroy();
    await test.close();
  });

  /** The same store on each of them. */
  const both = <T>(Store: new (database: Database) => T) =>
    [new Store(test.database), new Store(other.database)] as const;
  /** So many calls at once, by turns of one server and of the other. */
  const atOnce = <S, T>(n: number, stores: readonly [S, S], act: (store: S, i: number) => Promise<T>) =>
    Promise.all(Array.from({ length: n }, (_, i) => act(stores[i % 2]!, i)));

  it('lose no client of a session, whatever becomes of its cookie meanwhile', async () => {
    const stores = both(TypeOrmSessionStore);
    const added = session();
    await stores[0].add(added);
    const outcomes = await atOnce(200, stores, (store, i) =>
      i % 20 === 0
        ? store.replace({ ...added, handleHash: hashHandle(`cookie ${i}`), clients: ['of the cookie'] })
        : store.addClient('session', `client ${i % 50}`),
    );
    expect(outcomes).not.toContain(false);
    const { clients } = (await stores[1].findById('session'))!;
    const wanted = ['first', 'of the cookie', ...Array.from({ length: 50 }, (_, i) => `client ${i}`)];
    expect([...clients].sort()).toEqual(wanted.sort());
    expect(clients[0]).toBe('first');
  });

  it('end a session once, and each client is either told of by that end or refused', async () => {
    const stores = both(TypeOrmSessionStore);
    await stores[0].add(session());
    const joined = atOnce(100, stores, (store, i) => store.addClient('session', `client ${i}`));
    const removed = atOnce(20, stores, (store) => store.remove('session'));
    const [ended, ...more] = (await removed).filter((one) => one !== undefined);
    expect(more).toEqual([]);
    const inIt = (await joined).flatMap((isIn, i) => (isIn ? [`client ${i}`] : []));
    expect([...ended!.clients].sort()).toEqual(['first', ...inIt].sort());
  });

  it('count every poll of a device, and show each the one before', async () => {
    const stores = both(TypeOrmDeviceAuthorizationStore);
    const added = device();
    await stores[0].add(added, 1000);
    const polls = await atOnce(200, stores, (store) => store.poll(added.handleHash, 1000, 5));
    const intervals = polls.map((polled) => polled!.authorization.interval).sort((one, next) => one - next);
    // The first poll costs nothing, so the second one still finds the interval that there was.
    expect(intervals).toEqual([5, ...Array.from({ length: 199 }, (_, i) => 5 + i * 5)]);
    expect(polls.filter((polled) => !polled!.tooEarly)).toHaveLength(1);
  });

  it('give a device that ended up for one that asks, and a device’s tokens to one of those that come', async () => {
    const stores = both(TypeOrmDeviceAuthorizationStore);
    await stores[0].add(device(), 1000);
    const rivals = Array.from({ length: 20 }, () => ({ ...device(), expiresAt: 1900 }));
    const added = await atOnce(20, stores, (store, i) => store.add(rivals[i]!, 1300));
    expect(added.filter(Boolean)).toHaveLength(1);
    const winner = rivals[added.indexOf(true)]!;
    const redeemed = await atOnce(20, stores, (store) => store.redeem(winner.handleHash));
    expect(redeemed.filter((one) => one !== undefined)).toEqual([winner]);
  });

  it('never deliver one notice both, while others are added and taken away', async () => {
    const stores = both(TypeOrmLogoutNoticeStore);
    const ids = Array.from({ length: 120 }, (_, i) => `notice ${i}`);
    await stores[0].add(ids.map((id, i) => notice(id, `client ${i % 30}`)));
    const claimed: string[] = [];
    const work = async (store: TypeOrmLogoutNoticeStore) => {
      for (let idle = 0; idle < 3;) {
        const found = await store.claimDue(100, { limit: 4, except: [] }, () => 500);
        idle = found.length === 0 ? idle + 1 : 0;
        claimed.push(...found.map(({ id }) => id));
        await Promise.all(found.map(({ id }) => store.remove(id)));
        await store.removeExpired(1, 100);
      }
    };
    await Promise.all([...stores, ...stores].map(work));
    expect(claimed.sort()).toEqual(ids.sort());
  });

  it('count tries to sign in together, and let in together as many as one would', async () => {
    const stores = both(TypeOrmSignInAttempts);
    const admissions = await atOnce(200, stores, (store) => store.enter('counted', { ...rule, free: 1000 }));
    const numbers = admissions.map(({ number }) => number).sort((one, next) => one - next);
    expect(numbers).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
    // Two are free by now; the third holds the key up, for so long that a slow machine does not matter.
    for (let i = 0; i < 2; i++) await stores[0].enter('held', { ...rule, free: 10 });
    const waits = (await atOnce(200, stores, (store) => store.enter('held', { ...rule, free: -2 }))).map(
      ({ wait }) => wait,
    );
    expect(waits.sort((one, next) => one - next)).toEqual([0, ...Array.from({ length: 199 }, () => 32)]);
    expect(await stores[1].look(['held'])).toEqual([{ tries: 3, wait: 32 }]);
    await atOnce(200, stores, (store, i) => store.takeBack('counted', admissions[i]!));
    expect(await stores[0].look(['counted'])).toEqual([{ tries: 0, wait: 0 }]);
  });

  it('forget the keys that are over while others are counted', async () => {
    const [attempts] = both(TypeOrmSignInAttempts);
    for (let i = 0; i < 50; i++) await attempts.enter(`over ${i}`, rule);
    await attempts.enter('counted', { ...rule, within: 900 });
    await test.dataSource.query(
      'UPDATE sign_in_attempts SET counted_until = counted_until - 100, held_until = held_until - 100',
    );
    for (let i = 0; i < 100; i++) await attempts.enter('other', { ...rule, free: 1000 });
    const rows = await test.dataSource.query<{ counted_under: string }[]>('SELECT counted_under FROM sign_in_attempts');
    expect(rows.map((row) => row.counted_under).sort()).toEqual(['counted', 'other']);
  });
});
