import { Command } from '@commander-js/extra-typings';
import type { Terminal } from '../terminal.js';
import { listCommand } from './list.command.js';

/** `sts keys …` */
export function keysCommand(terminal: Terminal) {
  return new Command('keys').description('the keys with which the server signs').addCommand(listCommand(terminal));
}
