import { readDatabaseUrl } from '@tessera/typeorm-store';
import type { Settings } from '../configuration/settings.js';

/** What the log says when the server can be reached: enough to see that it is the one that was meant. */
export function readyLine({ environment, options }: Settings, url: string) {
  const { tls, config, database, workers } = environment;
  const { kind } = readDatabaseUrl(database.url);
  return { issuer: options.issuer, url, tls: tls.mode, config, database: kind, ...(workers > 1 && { workers }) };
}
