import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INestApplicationContext, Type } from '@nestjs/common';
import type { Environment } from '../configuration/environment.js';
import { CliFault } from './cli-fault.js';
import { exitCodes } from './exit-codes.js';
import type { Terminal } from './terminal.js';

/** What a command needs of the database. */
export type OpenedStores = Pick<INestApplicationContext, 'get'>;

/** Seconds in which the database has to answer a person who waits. */
const patience = 5;

/**
 * Does something with the database that the variables name; its schema is left as it is, and nothing is applied to it.
 * @throws CliFault where there is none, it does not answer, its schema is behind, or its keys are wrong
 */
export async function withStores<T>(
  variables: Terminal['variables'],
  act: (stores: OpenedStores) => Promise<T>,
): Promise<T> {
  const [{ databaseOf }, { readEnvironment }] = await Promise.all([
    import('./migrate/database-of.js'),
    import('../configuration/environment.js'),
  ]);
  const url = databaseOf(variables);
  const { environment } = readEnvironment(variables);
  const context = await open(url, environment).catch((cause: Error) => {
    throw new CliFault(`The database cannot be used: ${cause.message || String(cause)}`, undefined, { cause });
  });
  try {
    return await act({ get: (token: Type) => context.get<never>(token, { strict: false }) } as OpenedStores);
  } finally {
    await context.close();
  }
}

async function open(url: string, environment: Environment): Promise<INestApplicationContext> {
  const [{ NestFactory }, { readDatabaseUrl, TypeOrmStores }] = await Promise.all([
    import('@nestjs/core'),
    import('@tessera/typeorm-store'),
  ]);
  const location = readDatabaseUrl(url);
  if (location.kind === 'sqlite' && !existsSync(location.path)) {
    throw new Error(
      `there is none at ${location.path} yet. sts migrate up makes it, as the server does when it starts.`,
    );
  }
  const encryptionKeys = givenKeys(environment);
  const stores = TypeOrmStores.forRoot({
    url,
    encryptionKeys,
    migrate: false,
    poolSize: 2,
    patience,
    configuration: {},
  });
  return NestFactory.createApplicationContext(stores, { logger: false, abortOnError: false });
}

/** Never a new one: what is in the database was encrypted with those that are there. */
function givenKeys({ database, data }: Environment): readonly string[] {
  if (database.encryptionKeys) return database.encryptionKeys;
  const path = join(data, 'encryption.key');
  if (existsSync(path)) return [readFileSync(path, 'utf8').trim()];
  throw new CliFault(
    `There is neither STS_ENCRYPTION_KEYS nor ${path}: give the keys with which the server encrypts.`,
    exitCodes.usage,
  );
}
