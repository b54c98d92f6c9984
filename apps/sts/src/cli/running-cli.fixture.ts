import { Readable, Writable } from 'node:stream';
import { runCli } from './run-cli.js';

interface Around {
  readonly variables?: Readonly<Record<string, string>>;
  /** What stands on standard input. */
  readonly input?: string;
  /** Whether a person types that. */
  readonly isTTY?: boolean;
}

interface Result {
  readonly exitCode: number;
  readonly output: string;
  readonly errors: string;
  /** The output of a command with --json. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what it is, the expectation says
  readonly json: () => any;
}

/** Runs a command line in this process, as it runs in a pipe. */
export async function sts(
  args: readonly string[],
  { variables = {}, input = '', isTTY = false }: Around = {},
): Promise<Result> {
  const [stdout, stderr] = [new Collector(), new Collector()];
  const stdin = Object.assign(Readable.from([Buffer.from(input)]), { isTTY });
  const exitCode = await runCli(args, { variables, stdin, stdout, stderr });
  const output = stdout.text;
  return { exitCode, output, errors: stderr.text, json: () => JSON.parse(output) };
}

class Collector extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString('utf8');
    done();
  }
}
