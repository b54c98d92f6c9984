import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { stopMessage, type WorkerMessage } from './messages.js';

/** How a worker came to its end. */
export interface WorkerEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Why it did not start, where it could say. */
  readonly fault?: string;
  /** How long it ran, in seconds. */
  readonly seconds: number;
}

/** One of the processes that share the port, as the primary sees it. */
export class WorkerProcess {
  readonly ended: Promise<WorkerEnd>;
  /** Gives the URL, or undefined where it ended before. */
  readonly ready: Promise<string | undefined>;
  private readonly worker: Worker;
  private readonly startedAt = Date.now();
  private url: string | undefined;
  private fault: string | undefined;

  constructor() {
    this.worker = cluster.fork();
    this.ended = this.awaitEnd();
    this.ready = Promise.race([this.awaitReady(), this.ended.then(() => undefined)]);
  }

  get pid(): number | undefined {
    return this.worker.process.pid;
  }

  get isReady(): boolean {
    return this.url !== undefined;
  }

  /** Lets it finish what is under way; one that is not ready has nothing under way. */
  stop(): void {
    // It may end at the same moment.
    if (this.isReady) this.worker.process.send(stopMessage, undefined, undefined, () => undefined);
    else this.worker.process.kill('SIGTERM');
  }

  /** At once. */
  kill(): void {
    this.worker.process.kill('SIGKILL');
  }

  private awaitReady(): Promise<string> {
    return new Promise((resolve) => {
      this.worker.on('message', (message: WorkerMessage) => {
        if ('fault' in message) this.fault = message.fault;
        else resolve((this.url = message.ready));
      });
    });
  }

  private async awaitEnd(): Promise<WorkerEnd> {
    // An error comes in place of the end where the system lets no further process be.
    const [exitCode, signal] = (await once(this.worker, 'exit').catch((error: unknown) => {
      this.fault = String(error);
      return [null, null];
    })) as [number | null, string | null];
    return { exitCode, signal, fault: this.fault, seconds: (Date.now() - this.startedAt) / 1000 };
  }
}
