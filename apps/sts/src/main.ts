import 'reflect-metadata';
import { runCli } from './cli/run-cli.js';

// Whoever reads may stop reading, as `head` does: that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

const { env: variables, stdin, stdout, stderr } = process;
runCli(process.argv.slice(2), { variables, stdin, stdout, stderr }).then(
  // What has been written goes out first.
  (exitCode) => stdout.write('', () => process.exit(exitCode)),
  (error: unknown) => {
    throw error;
  },
);
