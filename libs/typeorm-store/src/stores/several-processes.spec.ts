import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AuthorizationCode, createHandle, hashHandle, type RefreshToken } from '@tessera/resource-model';
import { databases, type TestDatabase } from '../testing/databases.fixture.js';
import type { Order, Outcome } from '../testing/redeeming-process.fixture.js';
import { TypeOrmAuthorizationCodeStore } from './typeorm-authorization-code.store.js';
import { TypeOrmRefreshTokenStore } from './typeorm-refresh-token.store.js';

/** As it is deployed: built. */
const program = fileURLToPath(new URL('../../dist/testing/redeeming-process.fixture.js', import.meta.url));

describe.each(databases)('On %s, with two processes', (_name, open) => {
  let test: TestDatabase;
  const processes: ChildProcess[] = [];
  beforeAll(async () => {
    test = await open();
    for (let count = 0; count < 2; count++) processes.push(fork(program, [test.url], { execArgv: [] }));
    await Promise.all(processes.map((child) => once(child, 'message')));
  }, 60_000);
  afterAll(async () => {
    for (const child of processes) child.kill('SIGKILL');
    await test.close();
  });

  it('each code is redeemed once and each refresh token rotated once, of 200 tries in each process, and nobody is turned away', async () => {
    const codes = await add(10, code, new TypeOrmAuthorizationCodeStore(test.database));
    const refreshTokens = await add(2, refreshToken, new TypeOrmRefreshTokenStore(test.database));
    const order: Order = { codes: hashes(codes), refreshTokens, tries: 200, start: Date.now() + 50, interval: 30 };
    const outcomes = await Promise.all(
      processes.map(async (child) => {
        child.send(order);
        const [outcome] = (await once(child, 'message')) as [Outcome];
        return outcome;
      }),
    );
    expect(outcomes.flatMap(({ errors }) => errors)).toEqual([]);
    expect(outcomes.flatMap(({ redeemed }) => redeemed).sort()).toEqual(hashes(codes).sort());
    expect(outcomes.flatMap(({ rotated }) => rotated).sort()).toEqual(hashes(refreshTokens).sort());
    const [left] = await test.dataSource.query<{ count: number }[]>('SELECT count(*) AS count FROM refresh_tokens');
    expect(Number(left!.count)).toBe(2 * refreshTokens.length);
  });
});

async function add<T>(count: number, create: () => T, store: { add(one: T): Promise<void> }): Promise<T[]> {
  const all = Array.from({ length: count }, create);
  for (const one of all) await store.add(one);
  return all;
}

function hashes(all: readonly Pick<RefreshToken, 'handleHash'>[]): RefreshToken['handleHash'][] {
  return all.map(({ handleHash }) => handleHash);
}

function code(): AuthorizationCode {
  return {
    handleHash: hashHandle(createHandle()),
    clientId: 'client',
    subject: 'alice',
    authentication: { time: 1000, methods: ['pwd'] },
    scopes: ['openid'],
    redirectUri: 'https://app.example.com/callback',
    familyId: createHandle(),
    expiresAt: 2000,
    redeemed: false,
  };
}

function refreshToken(): RefreshToken {
  return {
    handleHash: hashHandle(createHandle()),
    familyId: createHandle(),
    clientId: 'client',
    subject: 'alice',
    authentication: { time: 1000, methods: ['pwd'] },
    scopes: ['openid'],
    accessTokenClaims: {},
    familyCreatedAt: 1000,
    createdAt: 1000,
    expiresAt: 2000,
  };
}
