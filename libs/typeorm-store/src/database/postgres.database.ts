import { setTimeout as delay } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { StoreUnavailableError } from '@tessera/resource-model';
import { Database, type Row, type Step } from './database.js';
import type { Statement, Value } from './statement.js';

/** In which a statement has to be answered, or the database counts as away: a broken network would otherwise be noticed after a quarter of an hour. */
const patienceMilliseconds = 10_000;

/** PostgreSQL, over the pool of TypeORM's connections; each connection prepares a statement once. */
export class PostgresDatabase extends Database {
  readonly dialect = 'postgres';
  private readonly pool: Pool;

  constructor(dataSource: DataSource) {
    super();
    this.pool = (dataSource.driver as unknown as { master: Pool }).master;
  }

  async all(statement: Statement, values: readonly Value[]): Promise<readonly Row[]> {
    return (await again(() => this.pool.query<Row>(query(statement, values))).catch(refuse)).rows;
  }

  async run(statement: Statement, values: readonly Value[]): Promise<number> {
    return (await again(() => this.pool.query(query(statement, values))).catch(refuse)).rowCount ?? 0;
  }

  async together(steps: readonly Step[]): Promise<boolean> {
    return again(() => this.transact(steps)).catch(refuse);
  }

  private async transact(steps: readonly Step[]): Promise<boolean> {
    const client = await this.pool.connect();
    // Of a connection that is lent nobody hears, between two statements, that it broke: unheard it would end the process. The next statement fails.
    client.on('error', ignore);
    let broken: Error | undefined;
    try {
      return await perform(client, steps);
    } catch (error) {
      broken = error as Error;
      throw error;
    } finally {
      // A connection on which something failed may be in any state: it is closed, not given back.
      client.release(broken);
      client.off('error', ignore);
    }
  }
}

/**
 * Sends what it can without waiting for an answer; it waits where a step has to touch certain rows, as nothing may follow one that did not. A COMMIT after a
 * step that failed is a ROLLBACK.
 */
async function perform(client: PoolClient, steps: readonly Step[]): Promise<boolean> {
  let sent = [client.query(command('BEGIN ISOLATION LEVEL READ COMMITTED'))];
  for (const { statement, values, rows } of steps) {
    sent.push(client.query(query(statement, values)));
    if (rows === undefined) continue;
    const touched = (await Promise.all(sent)).at(-1)!.rowCount;
    if (touched !== rows) {
      await client.query(command('ROLLBACK'));
      return false;
    }
    sent = [];
  }
  await Promise.all([...sent, client.query(command('COMMIT'))]);
  return true;
}

/** How often something is tried that collided with what others did at the same time. */
const attempts = 5;

/** Tries again what the database undid because of others: a deadlock, or, where transactions are serializable (always on CockroachDB), a collision. */
async function again<T>(act: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await act();
    } catch (error) {
      const { code } = error as { code?: string };
      if ((code !== '40001' && code !== '40P01') || attempt === attempts) throw error;
    }
    await delay(Math.random() * 10 * attempt);
  }
}

/**
 * Of PostgreSQL: shutting down, starting up, too many connections, the connection broke, no longer the one that may be written (another one has taken its
 * place). Of the system: nobody there, no way there, or no longer.
 */
const awayCodes =
  /^(?:57P0[1-4]|53300|08...|25006|ECONNREFUSED|ECONNRESET|ECONNABORTED|EHOSTUNREACH|ENETUNREACH|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/;
/** What the driver says in words alone. */
const awayWords =
  /^(?:Connection terminated|timeout exceeded|Query read timeout|Client has encountered a connection error)/;

/** @throws StoreUnavailableError where the database cannot be reached, otherwise the error as it is */
function refuse(error: unknown): never {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  if (awayCodes.test(code) || awayWords.test(message)) {
    throw new StoreUnavailableError('The database does not answer.', { cause: error });
  }
  throw error;
}

function ignore(): void {}

function command(text: string) {
  return { text, query_timeout: patienceMilliseconds };
}

function query({ name, numbered }: Statement, values: readonly Value[]) {
  return { name, text: numbered, values: [...values], query_timeout: patienceMilliseconds };
}
