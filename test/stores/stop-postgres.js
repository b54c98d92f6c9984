import { running } from './running-postgres.js';

/** After all tests. */
export default async function stop() {
  for (const postgres of running.splice(0)) await postgres.stop();
}
