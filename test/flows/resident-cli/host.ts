/*
 * Runs the command lines that `call.ts` sends, each as `main.ts` does, but in a process that has loaded everything already:
 *   node host.js <socket> <URL of the built run-cli.js>
 * Both speak in lines of JSON: first the arguments and variables, then the input; back come [1 or 2, text], at last the exit code.
 */
import 'reflect-metadata';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import type { runCli as RunCli } from '../../../apps/sts/src/cli/run-cli.js';
import type { Call } from './call.js';

const [, , path, program] = process.argv;
const { runCli } = (await import(program!)) as { runCli: typeof RunCli };

// The caller may end its input and still wait for the answer.
createServer({ allowHalfOpen: true }, (socket) => void answer(socket)).listen(path, () =>
  process.stdout.write('listening\n'),
);

async function answer(socket: Socket): Promise<void> {
  // Whoever calls may go before the answer is complete.
  socket.on('error', () => undefined);
  const lines = createInterface({ input: socket });
  const stdin = new PassThrough();
  const call = await new Promise<Call>((resolve) => lines.once('line', (line) => resolve(JSON.parse(line) as Call)));
  lines.on('line', (line) => stdin.write(JSON.parse(line))).on('close', () => stdin.end());
  const [stdout, stderr] = [1, 2].map((descriptor) => {
    const stream = new PassThrough({ encoding: 'utf8' });
    return stream.on('data', (text: string) => socket.write(`${JSON.stringify([descriptor, text])}\n`));
  }) as [PassThrough, PassThrough];
  const exitCode = await runCli(call.args, { variables: call.variables, stdin, stdout, stderr });
  // What has been written goes out first.
  setImmediate(() => socket.end(`${JSON.stringify(exitCode)}\n`));
}
