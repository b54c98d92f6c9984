import { readEnvironment } from '../../configuration/environment.js';
import { CliFault } from '../cli-fault.js';
import { exitCodes } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';

/** The URL of the database that the variables name. @throws CliFault where it cannot be used, or keeps nothing */
export function databaseOf(variables: Terminal['variables']): string {
  const { environment, faults } = readEnvironment(variables);
  const fault = faults.find(({ path }) => path.startsWith('STS_DATABASE_URL'));
  if (fault) throw new CliFault(`${fault.path} ${fault.problem}`, exitCodes.usage);
  const { url } = environment.database;
  if (url !== 'memory:') return url;
  throw new CliFault('STS_DATABASE_URL is memory:, which keeps nothing: name a database.', exitCodes.usage);
}

/** @throws CliFault in place of the driver's error */
export async function reached<T>(act: () => Promise<T>): Promise<T> {
  return act().catch((cause: Error) => {
    throw new CliFault(`The database cannot be used: ${cause.message || String(cause)}`, undefined, { cause });
  });
}
