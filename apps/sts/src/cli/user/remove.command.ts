import { Command } from '@commander-js/extra-typings';
import { environmentOptions, withOptions } from '../environment-options.js';
import { withConfiguration } from '../opened-configuration.js';
import { printable } from '../output/printable.js';
import type { Terminal } from '../terminal.js';

/** `sts user remove` */
export function removeCommand(terminal: Terminal) {
  return new Command('remove')
    .description('remove a person for good; to keep somebody out for a while: disable')
    .argument('<who>', 'subject or user name')
    .option('-y, --yes', 'do not ask')
    .addOption(environmentOptions.data())
    .option('--json', 'print a JSON document')
    .addHelpText(
      'after',
      `
Applications know people by their subjects: never give this one to somebody else.

Examples:
  $ sts user remove alice
  $ sts user remove 6ccd780c-baba-1026-9564-5b8c656024db --yes`,
    )
    .action(async (who, { json, yes, ...options }) => {
      const [{ personNamed }, { shownPerson }] = await Promise.all([
        import('./person-named.js'),
        import('./shown-person.js'),
      ]);
      const removed = await withConfiguration(
        withOptions(terminal.variables, options),
        async ({ editor: { users: people } }) => {
          const entry = await personNamed(who, people);
          const { subject, username } = entry.item;
          // Before anybody is asked about what will be refused.
          if (!yes && !entry.isOfFile)
            await terminal.confirm(`Remove ${printable(username)} (subject ${subject})?`, '--yes');
          await people.remove(subject);
          return shownPerson(entry);
        },
      );
      if (json) return terminal.printJson({ removed });
      terminal.print(`${printable(removed.username)} (subject ${removed.subject}) is removed.`);
    });
}
