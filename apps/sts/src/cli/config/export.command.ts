import { Command } from '@commander-js/extra-typings';
import { stringify } from 'yaml';
import { configuredSettings } from '../configured-settings.js';
import { environmentOptions, withOptions } from '../environment-options.js';
import type { Terminal } from '../terminal.js';

/** `sts config export` */
export function exportCommand(terminal: Terminal) {
  return new Command('export')
    .description('print what the server would run with: file, environment and every default; secrets are left out')
    .argument('[file]', 'the configuration file (STS_CONFIG; default: sts.yaml)')
    .addOption(environmentOptions.issuer())
    .option('--json', 'print JSON instead of YAML')
    .addHelpText(
      'after',
      `
Examples:
  $ sts config export
  $ sts config export /etc/sts.yaml --json`,
    )
    .action(async (file, { json, issuer }) => {
      const config = file ?? (terminal.variables.STS_CONFIG || 'sts.yaml');
      const options = { config, ...(issuer !== undefined && { issuer }) };
      const settings = await configuredSettings(withOptions(terminal.variables, options));
      const { exportSettings } = await import('./exported-settings.js');
      const exported = exportSettings(settings);
      if (json) terminal.printJson(exported);
      else terminal.print(stringify(exported, { aliasDuplicateObjects: false, lineWidth: 0 }).trimEnd());
    });
}
