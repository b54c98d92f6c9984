import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SigningKey } from '@tessera/resource-model';
import { signingKeyStoreContract } from '@tessera/resource-model/testing';
import { Encryption } from '../encryption/encryption.js';
import { databases, type TestDatabase } from '../testing/databases.fixture.js';
import { TypeOrmSigningKeyStore } from './typeorm-signing-key.store.js';

const key: SigningKey = {
  kid: 'first',
  algorithm: 'ES256',
  privateJwk: { kty: 'EC', d: 'a private number' },
  generation: 1,
  createdAt: 1000,
  signsFrom: 1000,
};
const newKey = () => randomBytes(32).toString('base64');

describe.each(databases)('TypeOrmSigningKeyStore on %s', (_name, open) => {
  let test: TestDatabase;
  beforeAll(async () => void (test = await open()), 60_000);
  afterAll(() => test.close());

  const store = async (...keys: string[]) => {
    await test.clear();
    return new TypeOrmSigningKeyStore(test.database, new Encryption(keys));
  };

  signingKeyStoreContract(() => store(newKey()));

  it('leaves nothing of a private key to be read in the database', async () => {
    await (await store(newKey())).add(key);
    expect(JSON.stringify(await test.dataSource.query('SELECT * FROM signing_keys'))).not.toContain('private number');
  });

  it('refuses to go on with another encryption key, and makes no new signing key over the old', async () => {
    await (await store(newKey())).add(key);
    const other = new TypeOrmSigningKeyStore(test.database, new Encryption([newKey()]));
    await expect(other.list()).rejects.toThrow(/^Signing key first is encrypted with key \w{8}, which is not among/);
    expect(await test.dataSource.query('SELECT kid FROM signing_keys')).toEqual([{ kid: 'first' }]);
  });

  it('does not take the encrypted half of one key for that of another', async () => {
    const keys = await store(newKey());
    await keys.add(key);
    await keys.add({ ...key, kid: 'second', generation: 2 });
    await test.dataSource.query(
      "UPDATE signing_keys SET sealed = (SELECT sealed FROM signing_keys WHERE kid = 'first') WHERE kid = 'second'",
    );
    await expect(keys.list()).rejects.toThrow('Signing key second does not open with its key');
  });
});
