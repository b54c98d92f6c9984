import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { StoreUnavailableError } from '@tessera/resource-model';
import {
  FileSigningKeyStore,
  KeyRing,
  type ResolvedOptions,
  resolveOptions,
  type SigningKey,
  SigningKeyStore,
  SystemClock,
} from '@tessera/token-server';
import { EncryptionError, readDatabaseUrl } from '@tessera/typeorm-store';
import type { Environment } from '../../configuration/environment.js';
import type { Settings } from '../../configuration/settings.js';
import { CliFault } from '../cli-fault.js';
import { withStores } from '../opened-stores.js';
import type { Terminal } from '../terminal.js';

/** The signing keys, as the server that the settings describe would see them. */
export interface OpenedKeys {
  readonly store: SigningKeyStore;
  readonly ring: KeyRing;
  readonly options: ResolvedOptions;
}

/**
 * Does something with the signing keys, wherever the server keeps them.
 * @throws CliFault where they cannot be reached or read
 */
export async function withKeys<T>(
  { environment, options }: Settings,
  variables: Terminal['variables'],
  act: (keys: OpenedKeys) => Promise<T>,
): Promise<T> {
  const { resolved } = resolveOptions(options);
  const open = (store: SigningKeyStore) => {
    // What the ring tells the log of a server, the command says itself.
    Logger.overrideLogger(false);
    return act({ store, ring: new KeyRing(store, new SystemClock(), resolved), options: resolved }).catch(refuse);
  };
  if (environment.database.url === 'memory:') return open(new FileSigningKeyStore(fileOf(environment)));
  return withStores(variables, (stores) => open(stores.get(SigningKeyStore)));
}

/** All keys; none where the server has never run. @throws CliFault */
export async function storedKeys(settings: Settings, variables: Terminal['variables']): Promise<readonly SigningKey[]> {
  return isNew(settings.environment) ? [] : withKeys(settings, variables, ({ store }) => store.list());
}

/** Where the server has never run there is neither a database of its own nor a key that it made for it. */
function isNew({ data, database: { url, encryptionKeys } }: Environment): boolean {
  const location = readDatabaseUrl(url);
  if (location.kind === 'memory') return false;
  if (location.kind === 'sqlite' && !existsSync(location.path)) return true;
  return !encryptionKeys && !existsSync(join(data, 'encryption.key'));
}

function fileOf({ data }: Environment): string {
  return join(data, 'signing-keys.json');
}

function refuse(error: unknown): never {
  if (error instanceof CliFault) throw error;
  const isExpected = error instanceof EncryptionError || error instanceof StoreUnavailableError;
  const { message } = error as Error;
  // What the file's store says of a file begins with these words.
  if (isExpected || message.startsWith('The signing keys in ')) {
    throw new CliFault(`The signing keys cannot be used: ${message}`, undefined, { cause: error });
  }
  throw error;
}
