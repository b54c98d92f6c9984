import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SigningKey } from '@tessera/resource-model';
import type { EntitySchemaColumnOptions } from 'typeorm';
import { schemas } from '../schema/schemas.js';
import { TypeOrmSigningKeyStore } from '../stores/typeorm-signing-key.store.js';
import { databases, type TestDatabase } from '../testing/databases.fixture.js';
import { clientSecrets, encryptedColumns, privateKeys } from './encrypted-columns.js';
import { Encryption } from './encryption.js';
import { Reencryption } from './reencryption.js';

const newKey = () => randomBytes(32).toString('base64');
const [old, young] = [newKey(), newKey()];
const signingKey = (generation: number): SigningKey => ({
  kid: `key ${String(generation).padStart(4, '0')}`,
  algorithm: 'ES256',
  privateJwk: { kty: 'EC', d: `number ${generation}` },
  generation,
  createdAt: generation,
  signsFrom: generation,
});

it('Every column that is called sealed is in the list of encrypted columns', () => {
  const sealed = schemas.flatMap(({ options: { name, columns } }) => {
    const all: Readonly<Record<string, EntitySchemaColumnOptions>> = columns;
    return Object.values(all).flatMap((column) =>
      column.name!.startsWith('sealed') ? [`${name}.${column.name}`] : [],
    );
  });
  expect(encryptedColumns.map(({ table, column }) => `${table}.${column}`).sort()).toEqual(sealed.sort());
  expect(sealed.length).toBeGreaterThan(0);
});

describe.each(databases)('Reencryption on %s', (_name, open) => {
  let test: TestDatabase;
  beforeAll(async () => void (test = await open()), 60_000);
  afterAll(() => test.close());
  beforeEach(() => test.clear());

  const keysOf = (...encryptionKeys: string[]) =>
    new TypeOrmSigningKeyStore(test.database, new Encryption(encryptionKeys));
  const of = (...encryptionKeys: string[]) => new Reencryption(test.database, new Encryption(encryptionKeys));
  const rows = () => test.dataSource.query('SELECT * FROM signing_keys ORDER BY kid');

  async function addKeys(count: number): Promise<readonly SigningKey[]> {
    const keys = Array.from({ length: count }, (_, index) => signingKey(index + 1));
    for (const key of keys) await keysOf(old).add(key);
    return keys;
  }

  it('has nothing to do where nothing is encrypted', async () => {
    const none = { values: 0, old: 0, reencrypted: 0 };
    expect(await of(young).run()).toEqual([
      { table: 'signing_keys', column: 'sealed', ...none },
      { table: 'clients', column: 'sealed_secrets', ...none },
      { table: 'registered_clients', column: 'sealed_secrets', ...none },
      { table: 'backchannel_authentications', column: 'sealed_ping', ...none },
    ]);
  });

  it('encrypts everything with the first key, so that the older can be taken away, and then finds nothing to do', async () => {
    const keys = await addKeys(250);
    const { database, dataSource } = test;
    const sealed = clientSecrets.seal(new Encryption([old]), 'app', '{"pairwiseSubjectSalt":"salt"}');
    await dataSource.query(
      `INSERT INTO clients (client_id, data, enabled, sealed_secrets) VALUES ('plain', '{}', true, NULL), ('app', '{}', true, '${sealed}')`,
    );
    expect((await of(young, old).survey()).map(({ values, old }) => [values, old])).toEqual([
      [250, 250],
      [1, 1],
      [0, 0],
      [0, 0],
    ]);
    const done = await of(young, old).run();
    expect(done.map(({ reencrypted, old }) => [reencrypted, old])).toEqual([
      [250, 0],
      [1, 0],
      [0, 0],
      [0, 0],
    ]);
    expect(await keysOf(young).list()).toEqual(keys);
    for await (const { key, sealed } of clientSecrets.values(database)) {
      expect([key, clientSecrets.open(new Encryption([young]), key, sealed)]).toEqual([
        'app',
        '{"pairwiseSubjectSalt":"salt"}',
      ]);
    }
    const before = await rows();
    expect((await of(young, old).run()).map(({ reencrypted }) => reencrypted)).toEqual([0, 0, 0, 0]);
    expect(await rows()).toEqual(before);
  });

  it('only counts, and changes nothing, in a survey', async () => {
    await addKeys(1);
    const before = await rows();
    await of(young, old).survey();
    expect(await rows()).toEqual(before);
  });

  it('changes nothing at all where a single value was encrypted with a key that is not given', async () => {
    await addKeys(3);
    await keysOf(newKey()).add(signingKey(4));
    const before = await rows();
    await expect(of(young, old).run()).rejects.toThrow(
      /^Signing key key 0004 is encrypted with key \w{8}, which is not among .* nothing was changed\.$/,
    );
    expect(await rows()).toEqual(before);
  });

  it('does not touch what somebody else changed or removed after it was read', async () => {
    await addKeys(2);
    const { database } = test;
    const values = [];
    for await (const value of privateKeys.values(database)) values.push(value);
    const [changed, removed] = values;
    await of(young, old).run();
    await keysOf(young).remove(removed!.key);
    const before = await rows();
    expect(await privateKeys.replace(database, changed!, 'v1.x.y')).toBe(false);
    expect(await privateKeys.replace(database, removed!, 'v1.x.y')).toBe(false);
    expect(await rows()).toEqual(before);
  });
});
