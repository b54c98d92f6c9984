import { Command } from '@commander-js/extra-typings';
import type { Terminal } from '../terminal.js';
import { importCommand } from './import.command.js';
import { listCommand } from './list.command.js';
import { reencryptCommand } from './reencrypt.command.js';
import { revokeCommand } from './revoke.command.js';
import { rotateCommand } from './rotate.command.js';

/** `sts keys …` */
export function keysCommand(terminal: Terminal) {
  return new Command('keys')
    .description('the keys with which the server signs, and those with which its database is encrypted')
    .addCommand(listCommand(terminal))
    .addCommand(rotateCommand(terminal))
    .addCommand(revokeCommand(terminal))
    .addCommand(importCommand(terminal))
    .addCommand(reencryptCommand(terminal));
}
