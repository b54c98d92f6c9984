import { Command } from '@commander-js/extra-typings';
import type { Terminal } from '../terminal.js';
import { createCommand } from './create.command.js';
import { importCommand } from './import/import.command.js';
import { listCommand } from './list.command.js';
import { removeCommand } from './remove.command.js';
import { setPasswordCommand } from './set-password.command.js';
import { showCommand } from './show.command.js';
import { switchCommand } from './switch.command.js';

/** `sts user …` */
export function userCommand(terminal: Terminal) {
  return new Command('user')
    .description('the people in the database: make, change and import them; a change counts at once on all servers')
    .addCommand(listCommand(terminal))
    .addCommand(showCommand(terminal))
    .addCommand(createCommand(terminal))
    .addCommand(setPasswordCommand(terminal))
    .addCommand(switchCommand(terminal, 'disable'))
    .addCommand(switchCommand(terminal, 'enable'))
    .addCommand(removeCommand(terminal))
    .addCommand(importCommand(terminal));
}
