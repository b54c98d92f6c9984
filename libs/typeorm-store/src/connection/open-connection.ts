import { setTimeout as delay } from 'node:timers/promises';
import type { LoggerService } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { isSchemaBehind } from './applied-changes.js';
import { underSchemaLock } from './schema-lock.js';

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

/** The role with which the server uses the database may not change its schema. */
export class SchemaRefusedError extends Error {
  override readonly name = 'SchemaRefusedError';
}

/** Opens the connection, and brings the schema up to date or sees that it is. @throws SchemaBehindError, SchemaRefusedError, or the driver's error after the patience has run out */
export async function openConnection(
  dataSource: DataSource,
  { migrate, patience }: OpeningRules,
  logger: LoggerService,
): Promise<DataSource> {
  await initialize(dataSource, patience, logger);
  try {
    if (migrate) logChanges(await changeSchema(dataSource), logger);
    else await checkSchema(dataSource);
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

/** Makes the changes of the schema that are missing, and gives their names. @throws SchemaRefusedError */
export async function changeSchema(dataSource: DataSource): Promise<readonly string[]> {
  const changes = await underSchemaLock(dataSource, (executor) => executor.executePendingMigrations()).catch(
    (cause: unknown) => {
      if (!isForbidden(cause)) throw cause;
      throw new SchemaRefusedError(
        `This role may not change the schema of the database (${cause.message}): run \`sts migrate up\` with one that may, and start with STS_MIGRATE=never.`,
        { cause },
      );
    },
  );
  return changes.map(({ name }) => name);
}

function logChanges(changes: readonly string[], logger: LoggerService): void {
  if (changes.length > 0) logger.log(`The schema of the database was brought up to date: ${changes.join(', ')}`);
}

async function checkSchema(dataSource: DataSource): Promise<void> {
  const isBehind = await isSchemaBehind(dataSource).catch((cause: unknown) => {
    if (!isForbidden(cause)) throw cause;
    throw new SchemaBehindError(
      `This role sees no schema in the database (${cause.message}): run \`sts migrate up\` with one that may, and let this one use the tables.`,
      { cause },
    );
  });
  if (isBehind) {
    throw new SchemaBehindError('The schema of the database is behind this version: run `sts migrate up`.');
  }
}

/** PostgreSQL: insufficient_privilege. */
function isForbidden(error: unknown): error is Error {
  return (error as { readonly code?: unknown }).code === '42501';
}
