import { Command } from '@commander-js/extra-typings';
import { environmentOptions, withOptions } from '../environment-options.js';
import { entriesOf, withConfiguration } from '../opened-configuration.js';
import { printable } from '../output/printable.js';
import { table } from '../output/table.js';
import type { Terminal } from '../terminal.js';

/** `sts client list` */
export function listCommand(terminal: Terminal) {
  return new Command('list')
    .description('list the clients in the order of their ids, and who says what they are')
    .addOption(environmentOptions.data())
    .option('--json', 'print a JSON document')
    .addHelpText(
      'after',
      `
Examples:
  $ sts client list
  $ sts client list --json`,
    )
    .action(async ({ json, ...options }) => {
      const clients = await withConfiguration(withOptions(terminal.variables, options), async ({ editor }) => {
        const shown = [];
        for await (const { item, isOfFile } of entriesOf(editor.clients, ({ clientId }) => clientId)) {
          const { clientId, clientName, allowedGrantTypes, enabled } = item;
          shown.push({ clientId, clientName, allowedGrantTypes, enabled, from: isOfFile ? 'file' : 'database' });
        }
        return shown;
      });
      if (json) return terminal.printJson(clients);
      if (clients.length === 0) return terminal.note('There are no clients.');
      const rows = clients.map(({ clientId, clientName = '', allowedGrantTypes, enabled, from }) =>
        [clientId, clientName, allowedGrantTypes.join(' '), enabled ? 'yes' : 'no', from].map(printable),
      );
      terminal.print(table(rows, ['CLIENT ID', 'NAME', 'GRANTS', 'ENABLED', 'FROM']));
    });
}
