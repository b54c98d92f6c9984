import { Command } from '@commander-js/extra-typings';
import { environmentOptions, withOptions } from '../environment-options.js';
import { withConfiguration } from '../opened-configuration.js';
import type { Terminal } from '../terminal.js';
import { unknownClient } from './show.command.js';

/** `sts client remove` */
export function removeCommand(terminal: Terminal) {
  return new Command('remove')
    .description('remove a client for good; sts client disable can be undone')
    .argument('<id>', 'the client, as sts client list shows it')
    .option('-y, --yes', 'do not ask')
    .addOption(environmentOptions.data())
    .option('--json', 'print a JSON document')
    .addHelpText(
      'after',
      `
Examples:
  $ sts client remove my-service
  $ sts client remove my-service --yes --json`,
    )
    .action(async (id, { json, yes, ...options }) => {
      await withConfiguration(withOptions(terminal.variables, options), async ({ editor }) => {
        const entry = await editor.clients.find(id);
        if (!entry) throw unknownClient(id);
        // Of a client of the file nobody needs to be asked: it is refused.
        if (!yes && !entry.isOfFile) await terminal.confirm(`Remove client ${JSON.stringify(id)} for good?`, '--yes');
        await editor.clients.remove(id);
      });
      if (json) terminal.printJson({ clientId: id, removed: true });
      else terminal.print(`Client ${JSON.stringify(id)} is removed: no running server knows it after two seconds.`);
    });
}
