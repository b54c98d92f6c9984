import { Command } from '@commander-js/extra-typings';
import type { Terminal } from '../terminal.js';
import { decodeCommand } from './decode.command.js';

/** `sts token …` */
export function tokenCommand(terminal: Terminal) {
  return new Command('token').description('look into tokens').addCommand(decodeCommand(terminal));
}
