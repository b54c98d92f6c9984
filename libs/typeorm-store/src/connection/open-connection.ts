import { setTimeout as delay } from 'node:timers/promises';
import type { LoggerService } from '@nestjs/common';
import { type DataSource, MigrationExecutor, type QueryRunner } from 'typeorm';

/** How a connection is opened. */
export interface OpeningRules {
  /** Whether the schema is brought up to date; otherwise a schema that is behind stops the start. */
  readonly migrate: boolean;
  /** Seconds in which the database has to answer: it may start later than we do. */
  readonly patience: number;
}

/** The schema of the database is not the one that this version needs. */
export class SchemaBehindError extends Error {
  override readonly name = 'SchemaBehindError';
}

/** One for all servers of all versions: whoever holds it changes the schema. */
const migrationLock = 7_283_001;

/** Opens the connection, and brings the schema up to date or sees that it is. @throws SchemaBehindError, or the driver's error after the patience has run out */
export async function openConnection(
  dataSource: DataSource,
  { migrate, patience }: OpeningRules,
  logger: LoggerService,
): Promise<DataSource> {
  await initialize(dataSource, patience, logger);
  try {
    if (migrate) await changeSchema(dataSource);
    else if (await dataSource.showMigrations())
      throw new SchemaBehindError('The schema of the database is behind this version: run `sts migrate up`.');
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
  return dataSource;
}

export async function initialize(dataSource: DataSource, patience: number, logger: LoggerService): Promise<void> {
  const deadline = Date.now() + patience * 1000;
  for (let wait = 250; ; wait = Math.min(wait * 2, 5000)) {
    try {
      await dataSource.initialize();
      return;
    } catch (error) {
      if (Date.now() + wait > deadline) throw error;
      logger.warn(`The database does not answer yet: ${(error as Error).message || String(error)}`);
      await delay(wait);
    }
  }
}

/**
 * One server at a time; the others wait, and find nothing left to do. Even the look at what is done already comes under the lock: it makes the table
 * in which that is written.
 */
export async function changeSchema(dataSource: DataSource): Promise<void> {
  const runner = dataSource.createQueryRunner();
  const executor = new MigrationExecutor(dataSource, runner);
  executor.transaction = 'all';
  try {
    await locked(runner, () => executor.executePendingMigrations());
  } finally {
    await runner.release();
  }
}

async function locked(runner: QueryRunner, work: () => Promise<unknown>): Promise<void> {
  if (runner.connection.options.type !== 'postgres') return void (await work());
  await runner.query('SELECT pg_advisory_lock($1)', [migrationLock]);
  try {
    await work();
  } finally {
    // Where the connection broke, the lock went with it.
    await runner.query('SELECT pg_advisory_unlock($1)', [migrationLock]).catch(() => undefined);
  }
}
