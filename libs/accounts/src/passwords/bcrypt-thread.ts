import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

/** Text, since a thread cannot be started from a TypeScript source. */
const program = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { hashSync } = require(workerData.library);
  parentPort.postMessage(hashSync(workerData.password, workerData.salt));
`;
const library = createRequire(import.meta.url).resolve('bcryptjs');

/**
 * bcrypt in JavaScript takes 80 ms at a cost of 10 and 1.5 seconds at 14: in a thread of its own, so that all other requests go on
 * meanwhile. A thread costs some 30 ms; it is needed until each person has signed in once.
 * @param salt with the cost in front of it: `$2b$12$…`, 29 characters
 */
export function hashByBcrypt(password: string, salt: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(program, { eval: true, execArgv: [], workerData: { library, password, salt } });
    thread.once('message', resolve);
    thread.once('error', reject);
    // After a message this changes nothing.
    thread.once('exit', (code) => reject(new Error(`The thread that computes bcrypt ended with ${code}`)));
  });
}
