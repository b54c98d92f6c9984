import { Command, Option } from '@commander-js/extra-typings';
import { profileNames } from '@tessera/resource-model';
import { configuredSettings } from '../configured-settings.js';
import { withOptions } from '../environment-options.js';
import { exitCodes } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';

/** `sts conformance` */
export function conformanceCommand(terminal: Terminal) {
  return new Command('conformance')
    .description(
      'show rule by rule what of OAuth 2.1, FAPI 2.0 or MCP holds for the clients of the file, and what would mend the rest',
    )
    .argument('[file]', 'the configuration file (STS_CONFIG; default: sts.yaml)')
    .addOption(
      new Option(
        '--profile <name>',
        'the rules to compare with; default: those that each client is held to, else oauth21',
      ).choices(profileNames),
    )
    .option('--client <id>', 'this client alone')
    .option('--json', 'print a JSON document')
    .addHelpText(
      'after',
      `
Exit codes: 0 all rules hold, 1 some do not.

Examples:
  $ sts conformance
  $ sts conformance --profile fapi2-security --client bank
  $ sts conformance --profile oauth21 --json`,
    )
    .action(async (file, { profile, client, json }) => {
      const variables = withOptions(terminal.variables, {
        config: file ?? (terminal.variables.STS_CONFIG || 'sts.yaml'),
      });
      const settings = await configuredSettings(variables);
      const { conformanceOf, describeConformance } = await import('./conformance-report.js');
      const report = conformanceOf(settings, { profile, client });
      if (report.some(({ rules }) => rules.some(({ holds }) => !holds))) terminal.exitCode = exitCodes.failed;
      if (json) terminal.printJson(report);
      else terminal.print(describeConformance(report));
    });
}
