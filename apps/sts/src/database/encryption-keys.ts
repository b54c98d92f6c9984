import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../configuration/environment.js';

/**
 * The keys that encrypt what the database holds and has to be read again. Without STS_ENCRYPTION_KEYS, on a developer's machine, one in a file of the
 * data folder: made at the first start, and never over another.
 */
export function encryptionKeysOf({ database, data }: Environment): readonly string[] {
  if (database.encryptionKeys) return database.encryptionKeys;
  const path = join(data, 'encryption.key');
  try {
    mkdirSync(data, { recursive: true });
    // Fails where it is there already.
    writeFileSync(path, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return [readFileSync(path, 'utf8').trim()];
}
