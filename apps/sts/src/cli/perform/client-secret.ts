import { type ClientAuth, ClientSecretBasic, ClientSecretPost, None } from 'openid-client';
import { CliFault } from '../cli-fault.js';
import { exitCodes } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';
import type { ClientOptions } from './client-command.js';

/** How the client says who it is. No secret is taken from the command line, which every user of the machine can see. */
export async function clientAuthentication(options: ClientOptions, terminal: Terminal): Promise<ClientAuth> {
  if (options.public) return None();
  const secret = await readSecret(options, terminal);
  return options.clientAuth === 'post' ? ClientSecretPost(secret) : ClientSecretBasic(secret);
}

async function readSecret({ clientSecretEnv, clientSecretStdin }: ClientOptions, terminal: Terminal): Promise<string> {
  if (clientSecretEnv !== undefined) return readVariable(clientSecretEnv, '--client-secret-env', terminal);
  if (clientSecretStdin) return readLine('client secret', terminal);
  return terminal.askSecret('Client secret', '--client-secret-env or --client-secret-stdin, or say --public');
}

/** The variable's name is not repeated where it may be the secret itself, put in the wrong place. */
export function readVariable(name: string, option: string, { variables }: Terminal): string {
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (value) return value;
  const shown = /^[A-Z_][A-Z0-9_]*$/.test(name) ? `the variable ${name}` : 'a variable';
  throw new CliFault(
    `${option} names ${shown}, which is not set or empty: set it, or correct the name.`,
    exitCodes.usage,
  );
}

export async function readLine(what: string, terminal: Terminal): Promise<string> {
  const text = (await terminal.readInput(`the ${what}`)).replace(/\r?\n$/, '');
  if (text === '') throw new CliFault(`The ${what} on standard input is empty.`, exitCodes.usage);
  return text;
}
