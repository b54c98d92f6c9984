import { loadSettings } from '../configuration/settings.js';
import { createWorkerLog } from '../logging/server-log.js';
import { openServer } from '../open-server.js';
import { describeStartFault } from '../start-fault.js';
import { endOnSignals } from '../stopping/end-on-signals.js';
import { stopLimit } from '../stopping/graceful-stop.js';
import { stopMessage, type WorkerMessage } from './messages.js';

/**
 * Runs the server in one of several processes that share the port, until the primary, or a signal, ends it. Where the primary is gone Node itself ends it
 * at once.
 */
export async function serveAsWorker(variables: Readonly<Record<string, string | undefined>>): Promise<number> {
  try {
    return await run(variables);
  } catch (error) {
    await tell({ fault: describeStartFault(error) });
    return 1;
  }
}

async function run(variables: Readonly<Record<string, string | undefined>>): Promise<number> {
  const settings = await loadSettings(variables);
  const { logLevel, drainSeconds } = settings.environment;
  const log = createWorkerLog(logLevel);
  const server = await openServer(settings, log);
  const end = endOnSignals(() => server.stop(), { limit: stopLimit(drainSeconds), log, level: 'debug' });
  process.on('message', (message) => {
    if (message === stopMessage) end.begin('the primary');
  });
  const listening = server.listen().then((url) => tell({ ready: url }));
  return Promise.race([end.ended, listening.then(() => end.ended)]);
}

/** Ends when it has been sent, or when nobody is there to read it. */
function tell(message: WorkerMessage): Promise<void> {
  return new Promise((resolve) => process.send!(message, undefined, undefined, () => resolve()));
}
