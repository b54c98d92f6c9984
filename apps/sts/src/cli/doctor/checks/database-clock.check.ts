import { DatabaseClock } from '@tessera/typeorm-store';
import type { OpenedStores } from '../../opened-stores.js';
import { type Finding, findings } from '../finding.js';

const { fine, warning } = findings('database clock');
/** As between a server and its clients. */
const toleratedSeconds = 5;

/** Several servers share the database: one whose clock is off ends sessions, codes and tokens too early or too late. */
export async function checkDatabaseClock(stores: OpenedStores): Promise<Finding[]> {
  const difference = await stores.get(DatabaseClock).difference();
  return difference === undefined ? [] : [judgeDatabaseClock(difference)];
}

/** @param difference seconds by which the database's clock is ahead */
export function judgeDatabaseClock(difference: number): Finding {
  const seconds = Math.round(Math.abs(difference));
  if (seconds <= toleratedSeconds) {
    return fine(`the database's clock and this machine's agree within ${toleratedSeconds} seconds`);
  }
  const direction = difference > 0 ? 'ahead of' : 'behind';
  return warning(
    `the database's clock is ${seconds} seconds ${direction} this machine's`,
    'Let both follow a time server (NTP).',
  );
}
