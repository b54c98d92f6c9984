import { inspect, types } from 'node:util';
import { CommanderError, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { CliFault } from './cli-fault.js';
import { exitCodes } from './exit-codes.js';
import { printable } from './output/printable.js';
import { createProgram } from './program.js';
import { type Surroundings, Terminal } from './terminal.js';

/** Runs a command line, given without the program's name, and says what the process should end with. Alone, `sts` is `sts start`. */
export async function runCli(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const terminal = new Terminal(surroundings);
  const program = createProgram(terminal);
  prepare(program, terminal);
  try {
    await program.parseAsync(args.length === 0 ? ['start'] : thumbprintsLast(args), { from: 'user' });
    return terminal.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (isNameWithHyphen(error)) terminal.note(`A name that begins with - stands behind --, after all options.`);
      return error.exitCode === 0 ? exitCodes.fine : exitCodes.usage;
    }
    terminal.note(describe(error, 'debug' in program.opts()));
    return error instanceof CliFault ? error.exitCode : exitCodes.failed;
  }
}

/** The same manners for every command: nothing ends the process, and what is wrong is answered with where help is. */
function prepare(command: CommandUnknownOpts, terminal: Terminal): void {
  command
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.note(text.trimEnd()),
    })
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError(`See ${pathOf(command)} --help.`);
  command.commands.forEach((one) => prepare(one, terminal));
}

/** Each 64th key id begins with a hyphen, and would be taken for an option: behind `--` it is a name. */
function thumbprintsLast(args: readonly string[]): string[] {
  // RFC 7638, of SHA-256: 43 characters of base64url.
  const names = args.filter((arg) => /^-[\w-]{42}$/.test(arg));
  return names.length === 0 || args.includes('--')
    ? [...args]
    : [...args.filter((arg) => !names.includes(arg)), '--', ...names];
}

/** Others that do so can only be told. */
function isNameWithHyphen({ code, message }: CommanderError): boolean {
  return code === 'commander.unknownOption' && /'-[^-'][^']+'/.test(message);
}

function pathOf(command: CommandUnknownOpts): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

function describe(error: unknown, debug: boolean): string {
  if (debug) return inspect(error);
  const message = types.isNativeError(error) ? error.message : String(error);
  // It may name what others wrote, such as a user name.
  const shown = message.split('\n').map(printable).join('\n');
  return error instanceof CliFault ? shown : `Unexpected: ${shown} (--debug shows where)`;
}
