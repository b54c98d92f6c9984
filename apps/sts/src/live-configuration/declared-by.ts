import { resolveOptions } from '@tessera/token-server';
import type { DeclaredConfiguration } from '@tessera/typeorm-store';
import type { Settings } from '../configuration/settings.js';

/** What the file declares for the database. */
export function declaredBy({ environment, options, isSamePassword }: Settings) {
  const { prune } = environment.configApplication;
  const { configuration: declared } = resolveOptions(options).resolved;
  return { declared, prune, isSamePassword } satisfies DeclaredConfiguration;
}
