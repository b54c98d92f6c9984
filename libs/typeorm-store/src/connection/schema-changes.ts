import type { LoggerService } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { migrations } from '../migrations/migrations.js';
import { appliedChanges } from './applied-changes.js';
import { createDataSource } from './create-data-source.js';
import { readDatabaseUrl } from './database-url.js';
import { changeSchema, initialize } from './open-connection.js';

/** A change of the schema, and whether a database has it. */
export interface SchemaChange {
  readonly name: string;
  readonly isApplied: boolean;
}

const patience = 5;
const silent: LoggerService = { log: () => undefined, warn: () => undefined, error: () => undefined };

/** The changes of the schema that this version knows, oldest first, and which of them the database at that URL has. @throws DatabaseUrlError, or the driver's error */
export async function schemaChanges(url: string): Promise<readonly SchemaChange[]> {
  return connected(url, changesOf);
}

/** Brings the schema of the database at that URL up to date; gives the names of the changes made. @throws DatabaseUrlError, or the driver's error */
export async function applySchemaChanges(url: string): Promise<readonly string[]> {
  return connected(url, async (dataSource) => {
    const missing = (await changesOf(dataSource)).filter(({ isApplied }) => !isApplied).map(({ name }) => name);
    if (missing.length > 0) await changeSchema(dataSource);
    return missing;
  });
}

async function connected<T>(url: string, act: (dataSource: DataSource) => Promise<T>): Promise<T> {
  const dataSource = createDataSource(readDatabaseUrl(url), { poolSize: 2 });
  await initialize(dataSource, patience, silent);
  try {
    return await act(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

async function changesOf(dataSource: DataSource): Promise<readonly SchemaChange[]> {
  const applied = await appliedChanges(dataSource);
  return migrations.map(({ name }) => ({ name, isApplied: applied.has(name) }));
}
