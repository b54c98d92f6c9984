import { Command, Option } from '@commander-js/extra-typings';
import { CliFault } from '../cli-fault.js';
import { configuredSettings } from '../configured-settings.js';
import { environmentOptions, withOptions } from '../environment-options.js';
import { exitCodes } from '../exit-codes.js';
import { withConfiguration } from '../opened-configuration.js';
import type { Terminal } from '../terminal.js';

/** `sts config export` */
export function exportCommand(terminal: Terminal) {
  return new Command('export')
    .description('print what the server would run with: file, environment and every default; secrets are left out')
    .argument('[file]', 'the configuration file (STS_CONFIG; default: sts.yaml)')
    .addOption(environmentOptions.issuer())
    .option('--database', 'print what is in the database instead, in the words of the file and without defaults')
    .addOption(
      new Option('--undeclared', 'of the database, only what no configuration file declares').implies({
        database: true,
      }),
    )
    .addOption(environmentOptions.data())
    .option('--json', 'print JSON instead of YAML')
    .addHelpText(
      'after',
      `
Examples:
  $ sts config export
  $ sts config export /etc/sts.yaml --json
  $ sts config export --undeclared        what was made by commands, to take it into the file`,
    )
    .action(async (file, { json, database, undeclared, ...options }) => {
      if (database && file !== undefined) {
        throw new CliFault('What is in the database is in no file: leave the file or --database out.', exitCodes.usage);
      }
      const config = file ?? (terminal.variables.STS_CONFIG || 'sts.yaml');
      const variables = withOptions(terminal.variables, { config, ...options });
      const exported = await (database ? ofDatabase(variables, undeclared === true) : ofFile(variables));
      if (json) return terminal.printJson(exported);
      const { yaml } = await import('../output/yaml.js');
      terminal.print(yaml(exported));
    });
}

async function ofFile(variables: Terminal['variables']): Promise<object> {
  const settings = await configuredSettings(variables);
  const { exportSettings } = await import('./exported-settings.js');
  return exportSettings(settings);
}

async function ofDatabase(variables: Terminal['variables'], undeclared: boolean): Promise<object> {
  const { exportDatabase } = await import('./database-export.js');
  return withConfiguration(variables, (configuration) => exportDatabase(configuration, undeclared));
}
