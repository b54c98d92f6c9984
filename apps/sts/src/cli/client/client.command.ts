import { Command } from '@commander-js/extra-typings';
import type { Terminal } from '../terminal.js';
import { createCommand } from './create.command.js';
import { disableCommand, enableCommand } from './enabled.commands.js';
import { listCommand } from './list.command.js';
import { removeCommand } from './remove.command.js';
import { rotateSecretCommand } from './rotate-secret.command.js';
import { showCommand } from './show.command.js';

/** `sts client …` */
export function clientCommand(terminal: Terminal) {
  return new Command('client')
    .description('the clients in the database; those that the configuration file declares are changed there')
    .addCommand(listCommand(terminal))
    .addCommand(showCommand(terminal))
    .addCommand(createCommand(terminal))
    .addCommand(rotateSecretCommand(terminal))
    .addCommand(disableCommand(terminal))
    .addCommand(enableCommand(terminal))
    .addCommand(removeCommand(terminal));
}
