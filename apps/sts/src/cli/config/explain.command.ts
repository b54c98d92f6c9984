import { Command } from '@commander-js/extra-typings';
import { configuredSettings } from '../configured-settings.js';
import { withOptions } from '../environment-options.js';
import type { Terminal } from '../terminal.js';

/** `sts config explain` */
export function explainCommand(terminal: Terminal) {
  return new Command('explain')
    .description('show what counts for a client, and where each value comes from: the file, its profile or the default')
    .argument('[file]', 'the configuration file (STS_CONFIG; default: sts.yaml)')
    .requiredOption('--client <id>', 'the client')
    .option('--json', 'print a JSON document')
    .addHelpText(
      'after',
      `
Examples:
  $ sts config explain --client bank
  $ sts config explain /etc/sts.yaml --client bank --json`,
    )
    .action(async (file, { client, json }) => {
      const variables = withOptions(terminal.variables, {
        config: file ?? (terminal.variables.STS_CONFIG || 'sts.yaml'),
      });
      const settings = await configuredSettings(variables);
      const { describeExplanation, explain } = await import('./client-explanation.js');
      const explained = explain(settings, client);
      if (json) terminal.printJson(explained);
      else terminal.print(describeExplanation(explained));
    });
}
