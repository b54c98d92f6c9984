import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { FileSigningKeyStore, type SigningKey, SigningKeyStore } from '@tessera/token-server';
import { readDatabaseUrl, TypeOrmStores } from '@tessera/typeorm-store';
import type { Environment } from '../../configuration/environment.js';
import { CliFault } from '../cli-fault.js';

/** The signing keys, from wherever the server keeps them. Nothing is made and nothing is changed. @throws CliFault */
export async function readStoredKeys(environment: Environment): Promise<readonly SigningKey[]> {
  try {
    return await read(environment);
  } catch (error) {
    const { message } = error as Error;
    throw new CliFault(`The signing keys cannot be read: ${message}`, undefined, { cause: error });
  }
}

async function read({ data, database: { url, encryptionKeys } }: Environment): Promise<readonly SigningKey[]> {
  const location = readDatabaseUrl(url);
  if (location.kind === 'memory') return new FileSigningKeyStore(join(data, 'signing-keys.json')).list();
  const keyFile = join(data, 'encryption.key');
  // Where the server has never run there is neither a database of its own nor a key that it made for it.
  if (location.kind === 'sqlite' && !existsSync(location.path)) return [];
  if (!encryptionKeys && !existsSync(keyFile)) return [];
  const keys = encryptionKeys ?? [readFileSync(keyFile, 'utf8').trim()];
  const stores = TypeOrmStores.forRoot({ url, encryptionKeys: keys, migrate: false, poolSize: 1, patience: 5 });
  const context = await NestFactory.createApplicationContext(stores, { logger: false, abortOnError: false });
  try {
    return await context.get(SigningKeyStore, { strict: false }).list();
  } finally {
    await context.close();
  }
}
