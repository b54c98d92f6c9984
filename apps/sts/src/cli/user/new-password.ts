import { readFileSync } from 'node:fs';
import { CliFault } from '../cli-fault.js';
import { exitCodes } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';

/** A password from a file, without the end of its last line, or from a person, who types it twice. It is never taken from the command line. */
export async function newPassword(file: string | undefined, instead: string, terminal: Terminal): Promise<string> {
  if (file !== undefined) return readPassword(file);
  const password = await terminal.askSecret('Password', instead);
  if ((await terminal.askSecret('The same again', instead)) === password) return password;
  throw new CliFault('These are two different passwords: nothing was changed.');
}

function readPassword(file: string): string {
  let password: string;
  try {
    password = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (cause) {
    throw new CliFault(`--password-file cannot be read: ${(cause as Error).message}.`, exitCodes.usage, { cause });
  }
  if (password !== '' && !/[\r\n]/.test(password)) return password;
  throw new CliFault(`--password-file has to hold the password on one line: see ${file}.`, exitCodes.usage);
}
