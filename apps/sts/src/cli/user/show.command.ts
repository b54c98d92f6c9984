import { Command } from '@commander-js/extra-typings';
import { environmentOptions, withOptions } from '../environment-options.js';
import { withConfiguration } from '../opened-configuration.js';
import { printable } from '../output/printable.js';
import type { Terminal } from '../terminal.js';

/** `sts user show` */
export function showCommand(terminal: Terminal) {
  return new Command('show')
    .description('show one person, as YAML; of the password its kind alone')
    .argument('<who>', 'subject or user name')
    .addOption(environmentOptions.data())
    .option('--json', 'print a JSON document')
    .addHelpText(
      'after',
      `
Examples:
  $ sts user show alice
  $ sts user show 1 --json`,
    )
    .action(async (who, { json, ...options }) => {
      const [{ personNamed }, { shownPerson }, { stringify }] = await Promise.all([
        import('./person-named.js'),
        import('./shown-person.js'),
        import('yaml'),
      ]);
      const entry = await withConfiguration(withOptions(terminal.variables, options), ({ editor: { users: people } }) =>
        personNamed(who, people),
      );
      const { name: _name, ...person } = shownPerson(entry);
      const shown = { ...person, claims: entry.item.claims };
      if (json) return terminal.printJson(shown);
      terminal.print(stringify(shown).trimEnd().split('\n').map(printable).join('\n'));
    });
}
