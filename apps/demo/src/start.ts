import { parseArgs } from 'node:util';
import { readAddresses } from './addresses.js';
import { withSecondAddress } from './second-option.js';
import { Interruption } from './servers/interruption.js';
import { Landscape } from './servers/landscape.js';
import { sampleApiPlan, sampleWebPlan, secondWebPlan, tokenServerPlan } from './servers/server-plans.js';
import { paint } from './terminal/paint.js';
import { outliveReaders, printOut } from './terminal/print.js';
import { welcome } from './welcome.js';

const usage = `npm start -- [options]: starts the token server, the sample API and the sample web application, until Ctrl-C.
  --sts URL       where the token server shall be (https://localhost:5001)
  --api URL       where the sample API shall be (https://localhost:6001)
  --web URL       where the sample web application shall be (https://localhost:7001)
  --second [URL]  start the sample web application a second time, as another client (https://localhost:7002)
  --verbose       show every line that the servers log, not only warnings and errors`;

async function start(): Promise<void> {
  const { values } = parseArgs({
    args: withSecondAddress(process.argv.slice(2)),
    options: {
      sts: { type: 'string' },
      api: { type: 'string' },
      web: { type: 'string' },
      second: { type: 'string' },
      verbose: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return printOut(usage);
  const addresses = readAddresses(values);
  const plans = [
    tokenServerPlan(addresses),
    sampleApiPlan(addresses),
    sampleWebPlan(addresses),
    ...(addresses.second === undefined ? [] : [secondWebPlan(addresses, addresses.second)]),
  ];
  const landscape = new Landscape(plans, addresses.caFile, values.verbose ? 'quiet' : 'warning', printOut);
  const interruption = new Interruption(() => {
    landscape.kill();
    process.exit(130);
  });
  try {
    await landscape.start(interruption.signal);
    printOut(...welcome(addresses));
    await landscape.stay(interruption.signal);
  } catch (error) {
    // The end that was asked for is a good one.
    if (!interruption.signal.aborted) throw error;
    printOut('', 'Ending all …');
  } finally {
    await landscape.stop();
  }
  printOut('All have ended.');
}

outliveReaders();
start().catch((error: Error) => {
  process.stderr.write(`${paint('red', '✘')} ${error.message}\n`);
  process.exitCode = 1;
});
