import { existsSync } from 'node:fs';
import { readDatabaseUrl, SchemaBehindError } from '@tessera/typeorm-store';
import { readEnvironment } from '../../../configuration/environment.js';
import type { Settings } from '../../../configuration/settings.js';
import { CliFault } from '../../cli-fault.js';
import { type OpenedStores, withStores } from '../../opened-stores.js';
import type { Terminal } from '../../terminal.js';
import { type Finding, findings } from '../finding.js';
import { checkClientProfiles } from './client-profiles.check.js';
import { checkDatabaseClock } from './database-clock.check.js';
import { checkDeclared } from './declared.check.js';
import { checkEncryption } from './encryption.check.js';
import { checkRegisteredClients } from './registered-clients.check.js';

const { fine, warning, problem, unchecked } = findings('database');

/** The looks into a database that answers. A new one is one file and one line here. */
const databaseChecks: readonly ((stores: OpenedStores, settings?: Settings) => Promise<Finding[]>)[] = [
  checkEncryption,
  checkDatabaseClock,
  checkDeclared,
  checkClientProfiles,
  checkRegisteredClients,
];

/** Does the database answer, and is its schema that of this version? Nothing is said of one that keeps nothing, or whose variables have faults of their own. */
export async function checkDatabase(variables: Terminal['variables'], settings?: Settings): Promise<Finding[]> {
  const { environment, faults } = readEnvironment(variables);
  const { url, migrate } = environment.database;
  const isReadable = !faults.some(({ path }) => /^STS_(?:DATABASE_URL|ENCRYPTION_KEYS)/.test(path));
  const location = isReadable ? readDatabaseUrl(url) : undefined;
  if (!location || location.kind === 'memory') return [];
  if (location.kind === 'sqlite' && migrate && !existsSync(location.path)) {
    return [fine(`there is none at ${location.path} yet: the start makes it`)];
  }
  try {
    return await withStores(variables, (stores) => look(stores, settings));
  } catch (error) {
    if (!(error instanceof CliFault)) throw error;
    return [refused(error, migrate)];
  }
}

async function look(stores: OpenedStores, settings: Settings | undefined): Promise<Finding[]> {
  const found: Finding[] = [fine('it answers, and its schema is up to date')];
  for (const check of databaseChecks) {
    // What cannot be opened cannot be compared with the file either.
    if (found.some(({ status }) => status === 'problem')) break;
    found.push(...(await check(stores, settings)));
  }
  return found;
}

function refused({ message, cause }: CliFault, migrate: boolean): Finding {
  // That the keys are missing here does not say that the server lacks them.
  if (cause instanceof CliFault) return unchecked(cause.message, 'Look with the variables of the server, or --data.');
  if (!(cause instanceof SchemaBehindError)) return problem(message, 'The server does not start until this is mended.');
  if (migrate)
    return warning('its schema is behind this version', 'The next start changes it, as sts migrate up does.');
  return problem(
    'its schema is behind this version',
    'Run sts migrate up: STS_MIGRATE=never forbids it to the server.',
  );
}
