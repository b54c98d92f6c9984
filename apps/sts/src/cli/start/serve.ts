import cluster from 'node:cluster';
import type { Logger } from 'pino';
import { loadSettings, type Settings } from '../../configuration/settings.js';
import { createServerLog } from '../../logging/server-log.js';
import { readyLine } from '../../logging/ready-line.js';
import { openServer } from '../../open-server.js';
import { endOnSignals } from '../../stopping/end-on-signals.js';
import { stopLimit } from '../../stopping/graceful-stop.js';
import { runWorkers } from '../../workers/run-workers.js';
import { serveAsWorker } from '../../workers/serve-as-worker.js';

/** Runs the server until it is told to end. Gives what the process should end with. */
export async function serve(variables: Readonly<Record<string, string | undefined>>): Promise<number> {
  if (cluster.isWorker) return serveAsWorker(variables);
  const settings = await loadSettings(variables);
  const log = createServerLog(settings.environment.logLevel);
  settings.warnings.forEach((warning) => log.warn(warning));
  return settings.environment.workers > 1 ? runWorkers(settings, log) : serveAlone(settings, log);
}

async function serveAlone(settings: Settings, log: Logger): Promise<number> {
  const server = await openServer(settings, log);
  const limit = stopLimit(settings.environment.drainSeconds);
  const { ended } = endOnSignals(() => server.stop(), { limit, log, level: 'info' });
  const listening = server.listen().then((url) => {
    log.info(readyLine(settings, url), 'ready');
  });
  return Promise.race([ended, listening.then(() => ended)]);
}
