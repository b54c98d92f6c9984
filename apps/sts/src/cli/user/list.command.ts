import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { environmentOptions, withOptions } from '../environment-options.js';
import { withConfiguration } from '../opened-configuration.js';
import { printable } from '../output/printable.js';
import { table } from '../output/table.js';
import type { Terminal } from '../terminal.js';

/** `sts user list` */
export function listCommand(terminal: Terminal) {
  return new Command('list')
    .description('list the people in the order of their subjects; hashes of passwords are not shown, only their kind')
    .addOption(new Option('--limit <number>', 'at most so many').argParser(atLeastOne).default(100))
    .option('--after <subject>', 'those that come after this one: how the list goes on')
    .addOption(new Option('--search <user name>', 'the one with exactly this user name').conflicts('after'))
    .addOption(environmentOptions.data())
    .option('--json', 'print a JSON document')
    .addHelpText(
      'after',
      `
Examples:
  $ sts user list
  $ sts user list --limit 1000 --after 00917a4c --json
  $ sts user list --search alice`,
    )
    .action(async ({ json, limit, after, search, ...options }) => {
      const { shownPerson } = await import('./shown-person.js');
      const found = await withConfiguration(
        withOptions(terminal.variables, options),
        async ({ editor: { users: people } }) => {
          if (search === undefined) return people.page(after, limit + 1);
          return [await people.findByUsername(search)].filter((entry) => entry !== undefined);
        },
      );
      const shown = found.slice(0, limit).map(shownPerson);
      if (json) terminal.printJson(shown);
      else if (shown.length === 0) terminal.note('There is nobody.');
      else {
        const rows = shown.map(({ subject, username, name = '', enabled, password, from }) =>
          [subject, username, name, enabled ? 'yes' : 'no', password, from].map(printable),
        );
        terminal.print(table(rows, ['SUBJECT', 'USER NAME', 'NAME', 'ENABLED', 'PASSWORD', 'FROM']));
      }
      if (found.length > limit) terminal.note(`There are more: go on with --after ${shown.at(-1)!.subject}`);
    });
}

function atLeastOne(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= 100_000) return number;
  throw new InvalidArgumentError('It must be a whole number from 1 to 100000.');
}
