import { Command } from '@commander-js/extra-typings';
import { environmentOptions, withOptions } from '../environment-options.js';
import { withConfiguration } from '../opened-configuration.js';
import { printable } from '../output/printable.js';
import type { Terminal } from '../terminal.js';

const descriptions = {
  disable: 'let a person in no longer: no sign-in, no token, no refresh, on all servers within two seconds',
  enable: 'let a person in again',
} as const;

/** `sts user disable` and `sts user enable` */
export function switchCommand(terminal: Terminal, name: keyof typeof descriptions) {
  return new Command(name)
    .description(descriptions[name])
    .argument('<who>', 'subject or user name')
    .addOption(environmentOptions.data())
    .option('--json', 'print a JSON document')
    .addHelpText(
      'after',
      `
People of the configuration file are changed there: enabled: ${name === 'enable'}.

Examples:
  $ sts user ${name} alice`,
    )
    .action(async (who, { json, ...options }) => {
      const [{ personNamed }, { shownPerson }, { User }] = await Promise.all([
        import('./person-named.js'),
        import('./shown-person.js'),
        import('@tessera/resource-model'),
      ]);
      const shown = await withConfiguration(
        withOptions(terminal.variables, options),
        async ({ editor: { users: people } }) => {
          const { item } = await personNamed(who, people);
          const enabled = name === 'enable';
          const changed = await people.change(item.subject, (found) => new User({ ...found, enabled }));
          return shownPerson({ item: changed, isOfFile: false });
        },
      );
      if (json) return terminal.printJson(shown);
      terminal.print(`${printable(shown.username)} (subject ${shown.subject}) is ${name}d.`);
    });
}
