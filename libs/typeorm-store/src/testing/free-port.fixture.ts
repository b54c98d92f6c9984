import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** Below what systems give to those who ask for any port (Linux: from 32768), above what browsers refuse to open (10080). */
const [first, last] = [10_100, 16_000];

/**
 * A port for a server that starts later, perhaps several times: none of the tests gets it as well, until this process ends. A port
 * of those that the system hands out would not do: `listen(0)` of another test takes it while its server is away, and answers there.
 *
 * What tells the tests of other processes is a listener at the odd port beside it, which the system removes with this process.
 */
export async function freePort(attempts = 100): Promise<number> {
  const port = randomInt(first / 2, last / 2) * 2;
  const mark = await listen(port + 1, '127.0.0.1');
  const probe = mark && (await listen(port));
  if (probe) {
    await close(probe);
    return port;
  }
  if (mark) await close(mark);
  if (attempts === 1) throw new Error(`No port from ${first} to ${last} is free.`);
  return freePort(attempts - 1);
}

/** Undefined where somebody listens already. */
async function listen(port: number, host?: string): Promise<Server | undefined> {
  // It must not keep the process from ending.
  const server = createServer().unref().listen(port, host);
  try {
    await once(server, 'listening');
    return server;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined;
    throw error;
  }
}

async function close(server: Server): Promise<void> {
  await new Promise((resolve) => server.close(resolve));
}
