import { Command } from '@commander-js/extra-typings';
import { configuredSettings } from '../configured-settings.js';
import { environmentOptions, withOptions } from '../environment-options.js';
import { table } from '../output/table.js';
import { date, distance } from '../output/time.js';
import type { Terminal } from '../terminal.js';

/** `sts keys list` */
export function listCommand(terminal: Terminal) {
  return new Command('list')
    .description('list the signing keys, oldest first, and what each is good for now; private parts are not shown')
    .addOption(environmentOptions.config())
    .addOption(environmentOptions.data())
    .option('--json', 'print a JSON document')
    .addHelpText(
      'after',
      `
Examples:
  $ sts keys list
  $ sts keys list --data /var/lib/sts --json`,
    )
    .action(async ({ json, ...options }) => {
      const variables = withOptions(terminal.variables, options);
      const settings = await configuredSettings(variables);
      const [{ resolveOptions, stateOf }, { storedKeys }] = await Promise.all([
        import('@tessera/token-server'),
        import('./opened-keys.js'),
      ]);
      const { resolved } = resolveOptions(settings.options);
      const keys = await storedKeys(settings, variables);
      const now = Date.now() / 1000;
      const shown = keys.map((key) => ({
        algorithm: key.algorithm,
        kid: key.kid,
        state: stateOf(key, keys, now, resolved.keys),
        created: date(key.createdAt),
        age: distance(key.createdAt, now),
      }));
      if (json) return terminal.printJson(shown.map(({ age: _age, ...key }) => key));
      if (shown.length === 0) return terminal.note('There are no keys yet: the server makes them when it starts.');
      terminal.print(
        table(
          shown.map((key) => Object.values(key)),
          ['ALGORITHM', 'KID', 'STATE', 'CREATED', 'AGE'],
        ),
      );
    });
}
