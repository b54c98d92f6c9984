import type { Readable, Writable } from 'node:stream';
import pc from 'picocolors';
import { read } from 'read';
import { CliFault } from './cli-fault.js';
import { exitCodes } from './exit-codes.js';

/** What a process has around it: its variables and its three streams. */
export interface Surroundings {
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean };
}

/** All that a command sees of the world in which it was called: results go to standard output, all other words to standard error. */
export class Terminal {
  readonly variables: Surroundings['variables'];
  /** What the process ends with when the command has done its work. */
  exitCode: number = exitCodes.fine;
  readonly colors: ReturnType<typeof pc.createColors>;
  private input: Promise<string> | undefined;

  constructor(private readonly surroundings: Surroundings) {
    this.variables = surroundings.variables;
    this.colors = pc.createColors(hasColors(surroundings));
  }

  print(text: string): void {
    this.surroundings.stdout.write(`${text}\n`);
  }

  printJson(value: unknown): void {
    this.print(JSON.stringify(value, null, 2));
  }

  /** What a person should know, and what no program that reads the result wants in it. */
  note(text: string): void {
    this.surroundings.stderr.write(`${text}\n`);
  }

  /** Standard error, where a person sees it: for what moves. */
  get screen(): Writable | undefined {
    return this.surroundings.stderr.isTTY ? this.surroundings.stderr : undefined;
  }

  /** Everything on standard input; `what` tells a person what to paste. */
  readInput(what: string): Promise<string> {
    if (this.surroundings.stdin.isTTY) this.note(`Paste ${what}, then press Enter and Ctrl-D.`);
    this.input ??= this.readAll();
    return this.input;
  }

  /** Asks a person, without showing the answer. @throws CliFault where there is no person; `instead` names the options to use then. */
  async askSecret(what: string, instead: string): Promise<string> {
    const { stdin, stderr } = this.surroundings;
    if (!stdin.isTTY)
      throw new CliFault(`The ${what.toLowerCase()} is missing: give it by ${instead}.`, exitCodes.usage);
    const question = { prompt: `${what}: `, silent: true, replace: '*', input: stdin, output: stderr };
    const secret = await read(question).catch((error: Error) => {
      // Ctrl-C.
      throw new CliFault('Nothing was done.', exitCodes.failed, { cause: error });
    });
    if (secret === '') throw new CliFault(`The ${what.toLowerCase()} is empty.`, exitCodes.usage);
    return secret;
  }

  /** Asks a person whether to go on. @throws CliFault where the answer is no, or where there is no person; `instead` names the option to use then */
  async confirm(question: string, instead: string): Promise<void> {
    const { stdin, stderr } = this.surroundings;
    if (!stdin.isTTY) {
      throw new CliFault(`Nobody can be asked here whether to go on: say so with ${instead}.`, exitCodes.usage);
    }
    // Ctrl-C is no, too.
    const answer = await read({ prompt: `${question} [y/N] `, input: stdin, output: stderr }).catch(() => 'no');
    if (!/^y(?:es)?$/i.test(answer.trim())) throw new CliFault('Nothing was changed.');
  }

  private async readAll(): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.surroundings.stdin) chunks.push(Buffer.from(chunk as Uint8Array));
    return Buffer.concat(chunks).toString('utf8');
  }
}

/** https://no-color.org */
function hasColors({ variables, stdout }: Surroundings): boolean {
  if (variables.NO_COLOR) return false;
  return Boolean(variables.FORCE_COLOR) || (stdout.isTTY === true && variables.TERM !== 'dumb');
}
