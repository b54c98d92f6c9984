import { Command } from '@commander-js/extra-typings';
import type { Terminal } from '../terminal.js';
import { applyCommand } from './apply.command.js';
import { diffCommand } from './diff.command.js';
import { explainCommand } from './explain.command.js';
import { exportCommand } from './export.command.js';
import { validateCommand } from './validate.command.js';

/** `sts config …` */
export function configCommand(terminal: Terminal) {
  return new Command('config')
    .description('check the configuration, bring it into the database, or show it')
    .addCommand(validateCommand(terminal))
    .addCommand(diffCommand(terminal))
    .addCommand(applyCommand(terminal))
    .addCommand(exportCommand(terminal))
    .addCommand(explainCommand(terminal));
}
