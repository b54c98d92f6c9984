import { Command } from '@commander-js/extra-typings';
import { environmentOptions, withOptions } from '../environment-options.js';
import { withConfiguration } from '../opened-configuration.js';
import type { Terminal } from '../terminal.js';

/** `sts client disable` */
export function disableCommand(terminal: Terminal) {
  return switchCommand(terminal, {
    name: 'disable',
    enabled: false,
    description: 'shut a client out, on every running server within two seconds',
    done: 'is disabled: every running server treats it as unknown within two seconds.',
  });
}

/** `sts client enable` */
export function enableCommand(terminal: Terminal) {
  return switchCommand(terminal, {
    name: 'enable',
    enabled: true,
    description: 'let a client in again, on every running server within two seconds',
    done: 'is enabled: every running server serves it within two seconds.',
  });
}

interface Switch {
  readonly name: string;
  readonly enabled: boolean;
  readonly description: string;
  readonly done: string;
}

function switchCommand(terminal: Terminal, { name, enabled, description, done }: Switch) {
  return new Command(name)
    .description(description)
    .argument('<id>', 'the client, as sts client list shows it')
    .addOption(environmentOptions.data())
    .option('--json', 'print a JSON document')
    .addHelpText(
      'after',
      `
Examples:
  $ sts client ${name} my-service
  $ sts client ${name} my-service --json`,
    )
    .action(async (id, { json, ...options }) => {
      const { Client } = await import('@tessera/resource-model');
      await withConfiguration(withOptions(terminal.variables, options), ({ editor }) =>
        editor.clients.change(id, (client) => new Client({ ...client, enabled })),
      );
      if (json) terminal.printJson({ clientId: id, enabled });
      else terminal.print(`Client ${JSON.stringify(id)} ${done}`);
    });
}
