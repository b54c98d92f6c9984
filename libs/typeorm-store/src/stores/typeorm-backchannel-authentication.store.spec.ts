import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHandle, hashHandle } from '@tessera/resource-model';
import { Encryption } from '../encryption/encryption.js';
import { databases, type TestDatabase } from '../testing/databases.fixture.js';
import { TypeOrmBackchannelAuthenticationStore } from './typeorm-backchannel-authentication.store.js';

// On SQLite alone: what is encrypted is so before a database sees it.
describe.each(databases.slice(0, 1))('What waits for a person, on %s', (_name, open) => {
  let test: TestDatabase;
  let store: TypeOrmBackchannelAuthenticationStore;
  beforeAll(async () => {
    test = await open();
    store = new TypeOrmBackchannelAuthenticationStore(
      test.database,
      new Encryption([Buffer.alloc(32, 7).toString('base64')]),
    );
  }, 60_000);
  afterAll(() => test.close());

  const ask = async (token: string) => {
    const authReqId = createHandle();
    const id = createHandle();
    const asked = { handleHash: hashHandle(authReqId), id, clientId: 'bank', subject: 'alice', scopes: ['openid'] };
    const times = { createdAt: 1000, expiresAt: 1300, interval: 5 };
    await store.add({ ...asked, ...times, ping: { authReqId, token } }, 1000, 50);
    return { authReqId, id };
  };

  it('keeps neither the id of a request nor the token of a client as it is', async () => {
    const { authReqId, id } = await ask('the token of the client');
    const rows = JSON.stringify(await test.dataSource.query('SELECT * FROM backchannel_authentications'));
    expect(rows).toContain(id);
    expect(rows).not.toContain(authReqId);
    expect(rows).not.toContain('the token of the client');
    expect((await store.find(id, 'alice'))?.ping).toEqual({ authReqId, token: 'the token of the client' });
  });

  it('does not tell one client of the answer to another: what is encrypted is bound to its row', async () => {
    const [one, other] = [await ask('one'), await ask('other')];
    await test.dataSource.query(
      `UPDATE backchannel_authentications SET sealed_ping =
        (SELECT sealed_ping FROM backchannel_authentications WHERE id = '${other.id}') WHERE id = '${one.id}'`,
    );
    const found = await store.find(one.id, 'alice');
    expect([found?.id, found?.ping]).toEqual([one.id, undefined]);
  });

  it('asks people all the same whose clients cannot be told, as the key of that is gone', async () => {
    const { id, authReqId } = await ask('told no more');
    const later = new TypeOrmBackchannelAuthenticationStore(
      test.database,
      new Encryption([Buffer.alloc(32, 8).toString('base64')]),
    );
    expect((await later.waitingFor('alice', 1001)).map((one) => one.id)).toContain(id);
    const decided = await later.decide(id, 'alice', { allowed: false }, 1001);
    expect([decided?.decision, decided?.ping]).toEqual([{ allowed: false }, undefined]);
    expect((await later.poll(hashHandle(authReqId), 1002, 5))?.authentication.decision).toEqual({ allowed: false });
  });
});
