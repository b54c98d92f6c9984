import type { Logger } from 'pino';
import type { Settings } from '../configuration/settings.js';
import { readyLine } from '../logging/ready-line.js';
import { endOnSignals } from '../stopping/end-on-signals.js';
import { stopLimit } from '../stopping/graceful-stop.js';
import { WorkerPool } from './worker-pool.js';

/** So much longer than each worker, in seconds, may all of them take. */
const allowance = 2;

/** Runs the server in several processes that share the port. Gives what the primary should end with. @throws WorkerStartError */
export async function runWorkers(settings: Settings, log: Logger): Promise<number> {
  const { workers, drainSeconds } = settings.environment;
  const pool = new WorkerPool(workers, log);
  const limit = stopLimit(drainSeconds) + allowance;
  const { ended } = endOnSignals(() => pool.stop(), { limit, log, level: 'info' });
  const started = pool.start().then(
    (url) => log.info(readyLine(settings, url), 'ready'),
    (error: unknown) => {
      // A worker that was told to stop while it started is no fault.
      if (!pool.isStopping) throw error;
    },
  );
  return Promise.race([ended, started.then(() => ended)]).finally(() => pool.killAll());
}
