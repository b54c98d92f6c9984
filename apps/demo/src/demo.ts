import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Addresses, readAddresses } from './addresses.js';
import { HttpClient } from './http-client.js';
import { Interruption } from './servers/interruption.js';
import { Landscape } from './servers/landscape.js';
import { sampleApiPlan, tokenServerPlan } from './servers/server-plans.js';
import { paint } from './terminal/paint.js';
import { outliveReaders, printOut } from './terminal/print.js';
import { DeadEnd, Guide } from './walk/guide.js';
import { walk } from './walk/walk.js';

const usage = `npm run demo -- [options]: walks through what the token server and the sample API do. Starts both if need be.
  --sts URL   where the token server is (https://localhost:5001)
  --api URL   where the sample API is (https://localhost:6001)
  --ca FILE   whose certificates are believed, in PEM form (.data/tls/ca.pem)
  --verbose   show every line that the servers log, where they are started here`;

async function demo(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sts: { type: 'string' },
      api: { type: 'string' },
      ca: { type: 'string' },
      verbose: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return printOut(usage);
  const addresses = readAddresses(values);
  const plans = [tokenServerPlan(addresses), sampleApiPlan(addresses)];
  const landscape = new Landscape(plans, addresses.caFile, values.verbose ? 'quiet' : 'error', printOut);
  const interruption = new Interruption(() => {
    landscape.kill();
    process.exit(130);
  });
  try {
    if (await landscape.isRunning()) printOut(`Both servers run already: ${addresses.sts} and ${addresses.api}.`);
    else await landscape.start(interruption.signal);
    await Promise.race([
      landscape.stay(interruption.signal),
      lead(addresses, interruption.signal).catch(async (error: Error) => {
        // A server that died is the better reason, and is noticed a little later than its silence.
        await Promise.race([landscape.stay(interruption.signal), delay(1000)]);
        throw error;
      }),
    ]);
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    printOut('', 'Interrupted.');
    process.exitCode = 130;
  } finally {
    await landscape.stop();
  }
}

async function lead(addresses: Addresses, interrupted: AbortSignal): Promise<void> {
  const guide = new Guide(HttpClient.trusting(addresses.caFile), printOut, interrupted);
  let end: string | undefined;
  try {
    await walk(guide, addresses);
  } catch (error) {
    if (!(error instanceof DeadEnd)) throw error;
    end = paint('red', `✘ The walk ended early. ${error.message}`);
  }
  printOut('', ...(end ? [end] : []), guide.summary());
  if (guide.hasFailed || end) process.exitCode = 1;
}

outliveReaders();
demo().catch((error: Error) => {
  process.stderr.write(`${paint('red', '✘')} ${error.message}\n`);
  process.exitCode = 1;
});
