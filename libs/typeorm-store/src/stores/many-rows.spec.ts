import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { HandleHash } from '@tessera/resource-model';
import type { DataSource, EntityMetadata } from 'typeorm';
import type { Database } from '../database/database.js';
import { sql } from '../database/statement.js';
import { databases, type TestDatabase } from '../testing/databases.fixture.js';
import { ExplainingDatabase } from '../testing/explaining.fixture.js';
import { TypeOrmAuthorizationCodeStore } from './typeorm-authorization-code.store.js';
import { TypeOrmConsentStore } from './typeorm-consent.store.js';
import { TypeOrmKnownDeviceStore } from './typeorm-known-device.store.js';
import { TypeOrmPairwiseSubjectStore } from './typeorm-pairwise-subject.store.js';
import { TypeOrmReferenceTokenStore } from './typeorm-reference-token.store.js';
import { TypeOrmRefreshTokenStore } from './typeorm-refresh-token.store.js';
import { TypeOrmRevokedTokenStore } from './typeorm-revoked-token.store.js';
import { TypeOrmSignInAttempts } from './typeorm-sign-in-attempts.store.js';

const rows = 50_000;
/** When a hundred of them have ended. */
const now = 100;
const batch = 1000;
const handleHash = 'handle_hash 20000' as HandleHash;

/** What is done to each table while people wait, or once a minute. */
const uses: Readonly<Record<string, (database: Database) => Promise<unknown>>> = {
  authorization_codes: async (database) => {
    const store = new TypeOrmAuthorizationCodeStore(database);
    expect(await store.find(handleHash)).toBeDefined();
    expect(await store.redeem(handleHash)).toBe(true);
    expect(await store.removeGrants('subject 1', 'client 1')).toHaveLength(1);
    expect(await store.removeExpired(now, batch)).toBe(now);
  },
  consents: async (database) => {
    const store = new TypeOrmConsentStore(database);
    await store.save((await store.find('subject 1', 'client 1'))!);
    expect(await store.listBySubject('subject 1')).toHaveLength(10);
    await store.remove('subject 1', 'client 1');
    expect(await store.removeExpired(now, batch)).toBe(now);
  },
  known_devices: async (database) => {
    const store = new TypeOrmKnownDeviceStore(database);
    const device = { deviceHash: 'device_hash 20000' as HandleHash, subject: 'subject 0', expiresAt: rows };
    expect(await store.has(device.deviceHash, device.subject, now)).toBe(true);
    await store.add(device);
    expect(await store.removeExpired(now, batch)).toBe(now);
  },
  pairwise_subjects: async (database) => {
    const store = new TypeOrmPairwiseSubjectStore(database);
    await store.add('identifier 1', 'subject 1');
    expect(await store.find('identifier 1')).toBe('subject 1');
  },
  reference_tokens: async (database) => {
    const store = new TypeOrmReferenceTokenStore(database);
    expect(await store.find(handleHash)).toBeDefined();
    await store.remove(handleHash);
    await store.removeFamily('family 1');
    await store.removeGrants('subject 1', 'client 1');
    expect(await store.removeExpired(now, batch)).toBe(now - 1);
  },
  refresh_tokens: async (database) => {
    const store = new TypeOrmRefreshTokenStore(database);
    const token = (await store.find(handleHash))!;
    const rotation = { at: 1, keptUntil: rows, request: 'request', responseUntil: rows };
    const [second, third] = ['second', 'third'].map((hash) => ({ ...token, handleHash: hash as HandleHash }));
    expect(await store.rotate(handleHash, rotation, second!)).toEqual({ rotated: true });
    expect(await store.touch(second!.handleHash, rows)).toBe(true);
    const answered = { ...rotation, response: 'response' };
    expect(await store.rotate(second!.handleHash, answered, third!)).toEqual({ rotated: true });
    expect(await store.find(second!.handleHash)).toMatchObject({ rotation: answered });
    expect(await store.listBySubject('subject 1')).toHaveLength(10);
    await store.removeFamily('family 200');
    // So many tokens, and as many responses.
    expect(await store.removeExpired(now, batch)).toBe(2 * now);
  },
  revoked_tokens: async (database) => {
    const store = new TypeOrmRevokedTokenStore(database);
    await store.add('id 20000', rows);
    expect(await store.has(['id 20000'], 1)).toBe(true);
    expect(await store.has(['id 20000', 'unknown', 'nor this'], 1)).toBe(true);
    expect(await store.removeExpired(now, batch)).toBe(now);
  },
  sign_in_attempts: async (database) => {
    const store = new TypeOrmSignInAttempts(database);
    const [key, rule] = ['counted_under 20000', { free: 1e9, longest: 60, within: 60 }];
    // So often that a clean-up is among them.
    for (let i = 1; i <= 100; i++) expect(await store.enter(key, rule)).toMatchObject({ number: 20_000 + i });
    await store.takeBack(key, await store.enter(key, rule));
    expect(await store.look([key, 'unknown', 'counted_under 0'])).toMatchObject([{ tries: 20_100 }, {}, { tries: 0 }]);
    await store.forget(key);
  },
};

describe.each(databases)('On %s, with 50 000 rows in each table', (_name, open) => {
  let test: TestDatabase;
  let database: ExplainingDatabase;
  beforeAll(async () => {
    test = await open();
    for (const name of [...Object.keys(uses), 'refresh_responses'])
      await fill(test.dataSource, test.dataSource.getMetadata(name));
    // As the database does by itself from time to time: PostgreSQL plans by what it has counted.
    await test.dataSource.query('ANALYZE');
    database = new ExplainingDatabase(test);
  }, 60_000);
  afterAll(() => test.close());

  it.each(Object.entries(uses))('nothing reads all of %s', async (_table, use) => {
    await use(database);
    expect(await database.readingAll()).toEqual([]);
  });

  it.each(['SELECT nonce FROM authorization_codes WHERE nonce = ?', 'DELETE FROM authorization_codes WHERE nonce = ?'])(
    'it would be noticed: %s',
    async (statement) => {
      await database.all(sql(statement), ['no such nonce']);
      expect(await database.readingAll()).toEqual([expect.stringContaining(statement)]);
    },
  );
});

/** 5000 people with ten clients each; families of five tokens; what is of one row alone bears its number; one row ends each second. */
async function fill(dataSource: DataSource, { tableName, columns }: EntityMetadata): Promise<void> {
  const shared: Readonly<Record<string, string>> = {
    subject: 'i % 5000',
    client_id: 'i / 5000',
    family_id: 'i % 10000',
  };
  const values = columns.map(({ databaseName, type, isNullable }) => {
    if (type === 'bigint') return 'i';
    if (databaseName === 'held_until') return '0';
    // By the clock of the database.
    if (type === 'double precision') return `${Math.floor(Date.now() / 1000) - now} + i`;
    if (type === 'boolean') return 'false';
    if (type === 'simple-json') return isNullable ? 'NULL' : `'["${databaseName}"]'`;
    return `'${databaseName === 'client_id' ? 'client' : databaseName.replace('family_id', 'family')} ' || (${shared[databaseName] ?? 'i'})`;
  });
  await dataSource.query(`WITH RECURSIVE numbers(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM numbers WHERE i < ${rows - 1})
    INSERT INTO "${tableName}" (${columns.map(({ databaseName }) => databaseName).join(', ')})
    SELECT ${values.join(', ')} FROM numbers`);
}
