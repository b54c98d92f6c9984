import { readFileSync } from 'node:fs';
import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { clientCommand } from './client/client.command.js';
import { addCompletion } from './completion/completion.js';
import { conformanceCommand } from './conformance/conformance.command.js';
import { configCommand } from './config/config.command.js';
import { doctorCommand } from './doctor/doctor.command.js';
import { initCommand } from './init/init.command.js';
import { keysCommand } from './keys/keys.command.js';
import { migrateCommand } from './migrate/migrate.command.js';
import { performCommand } from './perform/perform.command.js';
import { startCommand } from './start/start.command.js';
import type { Terminal } from './terminal.js';
import { tokenCommand } from './token/token.command.js';
import { userCommand } from './user/user.command.js';

/** The commands, in the order of the help. A new one is one file and one line here. */
const commands = [
  startCommand,
  initCommand,
  configCommand,
  conformanceCommand,
  migrateCommand,
  clientCommand,
  userCommand,
  keysCommand,
  tokenCommand,
  performCommand,
  doctorCommand,
] as const;

/** The command line `sts`. */
export function createProgram(terminal: Terminal): CommandUnknownOpts {
  const program = new Command('sts')
    .description('The deployable token server, and what its operators need around it.')
    .version(version())
    .option('--debug', 'when a command fails: the stack, too')
    .addHelpText(
      'after',
      `
Without a command, sts starts the server.

Examples:
  $ sts init                      write a first sts.yaml
  $ sts config validate           what would stop the start?
  $ sts start --port 8443         start the server
  $ sts doctor                    is it reachable, and in order?

Exit codes: 0 fine, 1 failed or not in order, 2 wrong usage, 3 could not check (doctor), 4 differs (config diff).`,
    );
  for (const create of commands) program.addCommand(create(terminal) as never);
  addCompletion(program);
  return program;
}

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
