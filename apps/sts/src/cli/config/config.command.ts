import { Command } from '@commander-js/extra-typings';
import type { Terminal } from '../terminal.js';
import { exportCommand } from './export.command.js';
import { validateCommand } from './validate.command.js';

/** `sts config …` */
export function configCommand(terminal: Terminal) {
  return new Command('config')
    .description('check the configuration, or show it')
    .addCommand(validateCommand(terminal))
    .addCommand(exportCommand(terminal));
}
