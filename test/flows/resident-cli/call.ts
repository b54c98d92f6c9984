/*
 * The command `sts` as a shell calls it, done by the process of `host.ts`:
 *   node call.js <socket> <arguments>
 */
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

/** What a command line consists of. */
export interface Call {
  readonly args: readonly string[];
  readonly variables: Readonly<Record<string, string | undefined>>;
}

const [, , path, ...args] = process.argv;
const socket = connect(path!);
const call: Call = { args, variables: process.env };
socket.write(`${JSON.stringify(call)}\n`);
process.stdin.setEncoding('utf8');
process.stdin.on('data', (text) => socket.write(`${JSON.stringify(text)}\n`)).on('end', () => socket.end());

createInterface({ input: socket }).on('line', (line) => {
  const answer = JSON.parse(line) as number | readonly [descriptor: 1 | 2, text: string];
  if (typeof answer === 'number') process.exitCode = answer;
  else (answer[0] === 1 ? process.stdout : process.stderr).write(answer[1]);
});
socket.on('close', () => process.stdin.destroy());
