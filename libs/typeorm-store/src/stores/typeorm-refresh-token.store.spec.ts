import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHandle, hashHandle } from '@tessera/resource-model';
import { databases, type TestDatabase } from '../testing/databases.fixture.js';
import { TypeOrmRefreshTokenStore } from './typeorm-refresh-token.store.js';

const token = (familyId: string) => ({
  handleHash: hashHandle(createHandle()),
  familyId,
  clientId: 'client',
  subject: 'alice',
  authentication: { time: 1000, methods: ['pwd'] },
  scopes: ['openid'],
  accessTokenClaims: { role: 'admin' },
  familyCreatedAt: 1000,
  createdAt: 1000,
  expiresAt: 2000,
});

// What is written, and how it is read, is the same on both.
describe.each(databases.slice(0, 1))('A used refresh token, on %s', (_name, open) => {
  let test: TestDatabase;
  let store: TypeOrmRefreshTokenStore;
  beforeAll(async () => {
    test = await open();
    store = new TypeOrmRefreshTokenStore(test.database);
  });
  afterAll(() => test.close());

  it('that an earlier version kept, its response within, is known as used, and that response is not given', async () => {
    const rotation = { at: 1500, keptUntil: 5000, request: 'request', response: 'sealed in another way' };
    const used = { ...token('earlier'), rotation: { ...rotation, responseUntil: 1510 } };
    await store.add(used);
    await test.dataSource.query('UPDATE refresh_tokens SET rotation = ?', [JSON.stringify(rotation)]);
    const { response, ...left } = rotation;
    expect(response).toBeDefined();
    expect(await store.find(used.handleHash)).toEqual({ ...used, rotation: left });
    expect(await store.rotate(used.handleHash, used.rotation, token('earlier'))).toEqual({
      rotated: false,
      current: { ...used, rotation: left },
    });
  });

  it('weighs a few hundred bytes once its response is gone, however many tokens its family has had', async () => {
    let current = token('long');
    await store.add(current);
    const response = 'x'.repeat(2700);
    for (let at = 1500; at < 1600; at++) {
      const next = token('long');
      const rotation = { at, keptUntil: 5000, request: hashHandle('request'), responseUntil: at + 10, response };
      await store.rotate(current.handleHash, rotation, next);
      current = next;
    }
    await store.removeExpired(1700, 1000);
    const [left] = await test.dataSource.query<{ responses: number }[]>(
      'SELECT count(*) AS responses FROM refresh_responses',
    );
    expect(left).toEqual({ responses: 0 });
    const rows = await test.dataSource.query<object[]>(`SELECT * FROM refresh_tokens WHERE family_id = 'long'`);
    expect(rows).toHaveLength(101);
    for (const row of rows) expect(Object.values(row).join('').length).toBeLessThan(600);
  });
});
