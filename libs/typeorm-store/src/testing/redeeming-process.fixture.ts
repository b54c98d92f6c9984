// A server among several on one database, as far as codes and refresh tokens go: a process of its own.
import { setTimeout as delay } from 'node:timers/promises';
import type { HandleHash, RefreshToken } from '@tessera/resource-model';
import { createDataSource } from '../connection/create-data-source.js';
import { readDatabaseUrl } from '../connection/database-url.js';
import { PostgresDatabase } from '../database/postgres.database.js';
import { SqliteDatabase } from '../database/sqlite.database.js';
import { TypeOrmAuthorizationCodeStore } from '../stores/typeorm-authorization-code.store.js';
import { TypeOrmRefreshTokenStore } from '../stores/typeorm-refresh-token.store.js';

/** What it is told to do: to use up each of these, so many times at once. */
export interface Order {
  readonly codes: readonly HandleHash[];
  readonly refreshTokens: readonly RefreshToken[];
  readonly tries: number;
  /** When they start with the first one, in milliseconds since 1970, and how many later with each further one: all processes at the same moment. */
  readonly start: number;
  readonly interval: number;
}

/** Which of them it was told that it had used up, and what went wrong. */
export interface Outcome {
  readonly redeemed: readonly string[];
  readonly rotated: readonly string[];
  readonly errors: readonly string[];
}

const url = process.argv[2]!;
const dataSource = await createDataSource(readDatabaseUrl(url), { poolSize: 10 }).initialize();
const database = url.startsWith('postgres') ? new PostgresDatabase(dataSource) : new SqliteDatabase(dataSource);
const codes = new TypeOrmAuthorizationCodeStore(database);
const refreshTokens = new TypeOrmRefreshTokenStore(database);

process.once('message', (order: Order) => {
  void perform(order).then((outcome) => process.send!(outcome, () => process.exit()));
});
process.send!('ready');

async function perform({ codes: hashes, refreshTokens: tokens, tries, start, interval }: Order): Promise<Outcome> {
  const errors: string[] = [];
  let next = start;
  const times = async (action: (attempt: number) => Promise<boolean>) => {
    await moment(next);
    next += interval;
    const attempts = Array.from({ length: tries }, (_, attempt) =>
      action(attempt).catch((error: unknown) => {
        errors.push(String(error));
        return false;
      }),
    );
    return (await Promise.all(attempts)).filter(Boolean).length;
  };
  const [redeemed, rotated]: [string[], string[]] = [[], []];
  for (const hash of hashes) {
    const won = await times(() => codes.redeem(hash));
    redeemed.push(...Array<string>(won).fill(hash));
  }
  for (const token of tokens) {
    const won = await times(async (attempt) => {
      const successor = { ...token, handleHash: `${token.handleHash} ${process.pid} ${attempt}` as HandleHash };
      const rotation = { at: 1, keptUntil: 1, responseUntil: 1, request: 'request', response: 'response' };
      const outcome = await refreshTokens.rotate(token.handleHash, rotation, successor);
      if (!outcome.rotated && !outcome.current?.rotation?.response) throw new Error('The response is not to be found.');
      return outcome.rotated;
    });
    rotated.push(...Array<string>(won).fill(token.handleHash));
  }
  return { redeemed, rotated, errors };
}

/** To the millisecond, which no timer is. */
async function moment(time: number): Promise<void> {
  await delay(Math.max(0, time - Date.now() - 5));
  while (Date.now() < time);
}
