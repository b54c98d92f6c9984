import { Command } from '@commander-js/extra-typings';
import { CliFault } from '../cli-fault.js';
import { environmentOptions, withOptions } from '../environment-options.js';
import { withConfiguration } from '../opened-configuration.js';
import type { Terminal } from '../terminal.js';

/** `sts client show` */
export function showCommand(terminal: Terminal) {
  return new Command('show')
    .description('print everything about a client, defaults too, in the words of the configuration file; no secrets')
    .argument('<id>', 'the client, as sts client list shows it')
    .addOption(environmentOptions.data())
    .option('--json', 'print JSON instead of YAML')
    .addHelpText(
      'after',
      `
Examples:
  $ sts client show my-service
  $ sts client show my-service --json`,
    )
    .action(async (id, { json, ...options }) => {
      const variables = withOptions(terminal.variables, options);
      const entry = await withConfiguration(variables, ({ editor }) => editor.clients.find(id));
      if (!entry) throw unknownClient(id);
      const [{ wholeClient }, { yaml }] = await Promise.all([
        import('../config/file-words.js'),
        import('../output/yaml.js'),
      ]);
      const client = wholeClient(entry.item);
      if (json) return terminal.printJson({ from: entry.isOfFile ? 'file' : 'database', client });
      const owner = entry.isOfFile ? 'The configuration file declares this client.' : 'No file declares this client.';
      terminal.print(`# ${owner}\n${yaml(client)}`);
    });
}

/** In the words in which a change of it is refused. */
export function unknownClient(id: string): CliFault {
  return new CliFault(`There is no client ${JSON.stringify(id)}.`);
}
