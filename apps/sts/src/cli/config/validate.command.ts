import { Command } from '@commander-js/extra-typings';
import { withOptions } from '../environment-options.js';
import { exitCodes } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';

/** `sts config validate` */
export function validateCommand(terminal: Terminal) {
  return new Command('validate')
    .description('check the file and the environment as the start does, and change nothing')
    .argument('[file]', 'the configuration file (STS_CONFIG; default: sts.yaml)')
    .option('--json', 'print a JSON document')
    .addHelpText(
      'after',
      `
Exit codes: 0 valid, 1 not valid.

Examples:
  $ sts config validate
  $ NODE_ENV=production sts config validate /etc/sts.yaml --json`,
    )
    .action(async (file, { json }) => {
      const { loadSettings, SettingsError } = await import('../../configuration/settings.js');
      const path = file ?? (terminal.variables.STS_CONFIG || 'sts.yaml');
      try {
        const { warnings } = await loadSettings(withOptions(terminal.variables, { config: path }));
        if (json) return terminal.printJson({ valid: true, file: path, faults: [], warnings });
        warnings.forEach((warning) => terminal.note(`warning: ${warning}`));
        terminal.print(`${path} is valid.`);
      } catch (error) {
        if (!(error instanceof SettingsError)) throw error;
        terminal.exitCode = exitCodes.failed;
        if (json) return terminal.printJson({ valid: false, file: path, faults: error.faults, warnings: [] });
        const count = error.lines.length === 1 ? 'one fault' : `${error.lines.length} faults`;
        terminal.note(`${path} is not valid: it has ${count}.\n${error.lines.map((line) => `  ${line}`).join('\n')}`);
      }
    });
}
