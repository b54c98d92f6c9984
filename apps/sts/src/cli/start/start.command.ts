import { Command } from '@commander-js/extra-typings';
import { CliFault } from '../cli-fault.js';
import { environmentOptions, withOptions } from '../environment-options.js';
import { exitCodes } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';

/** `sts start` */
export function startCommand(terminal: Terminal) {
  return new Command('start')
    .description('start the server; SIGINT or SIGTERM ends it')
    .addOption(environmentOptions.config())
    .addOption(environmentOptions.issuer())
    .addOption(environmentOptions.host())
    .addOption(environmentOptions.port())
    .addOption(environmentOptions.data())
    .addHelpText(
      'after',
      `
An option takes the place of its variable. All variables: docs/configuration.md

Examples:
  $ sts start
  $ sts start --config /etc/sts.yaml --host 0.0.0.0 --port 8443`,
    )
    .action(async (options) => {
      // The engine is loaded by those commands alone that need it.
      const [{ serve }, { describeStartFault }] = await Promise.all([
        import('./serve.js'),
        import('../../start-fault.js'),
      ]);
      try {
        terminal.exitCode = await serve(withOptions(terminal.variables, options));
      } catch (error) {
        throw new CliFault(describeStartFault(error), exitCodes.failed, { cause: error });
      }
    });
}
