import { Command } from '@commander-js/extra-typings';
import type { Terminal } from '../terminal.js';
import { statusCommand } from './status.command.js';
import { upCommand } from './up.command.js';

/** `sts migrate …` */
export function migrateCommand(terminal: Terminal) {
  return new Command('migrate')
    .description('the schema of the database that STS_DATABASE_URL names')
    .addCommand(statusCommand(terminal))
    .addCommand(upCommand(terminal));
}
