import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll } from '@jest/globals';

/** The server as it is deployed: built, and a process of its own. */
export interface RunningProcess {
  readonly process: ChildProcess;
  readonly exitCode: Promise<number | null>;
  output(): string;
  errors(): string;
  /** Waits for a line of the log with this `msg`. */
  line(message: string): Promise<Record<string, unknown>>;
}

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const running: ChildProcess[] = [];

afterAll(() => running.splice(0).forEach((child) => child.kill('SIGKILL')));

export function runMain(variables: Readonly<Record<string, string>>, cwd?: string): RunningProcess {
  const child = spawn(process.execPath, [main], { cwd, env: { PATH: process.env.PATH, ...variables } });
  running.push(child);
  let [output, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const exitCode = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    process: child,
    exitCode,
    output: () => output,
    errors: () => errors,
    line: (message) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const lines = output.split('\n').filter((line) => line.endsWith('}'));
          const found = lines
            .map((line) => JSON.parse(line) as Record<string, unknown>)
            .find(({ msg }) => msg === message);
          if (found) resolve(found);
        };
        child.stdout.on('data', look);
        void exitCode.then((code) => reject(new Error(`It ended with ${code} and never said ${message}.\n${errors}`)));
        look();
      }),
  };
}
