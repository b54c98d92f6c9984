import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { ReplacementDelay } from './replacement-delay.js';
import { type WorkerEnd, WorkerProcess } from './worker-process.js';

/** Why the first worker, and with it the server, did not start. */
export class WorkerStartError extends Error {
  override readonly name = 'WorkerStartError';
}

/** Keeps as many workers running as there should be. */
export class WorkerPool {
  private readonly workers = new Set<WorkerProcess>();
  private readonly stopping = new AbortController();
  private wereAllReady = false;
  private allReady = () => {};

  constructor(
    private readonly size: number,
    private readonly log: Logger,
  ) {}

  /**
   * Gives the URL when all are ready. The first worker starts alone: it makes what all of them need (schema, keys, certificates), and what stops it would
   * stop the others, and is said once. @throws WorkerStartError
   */
  async start(): Promise<string> {
    const ready = new Promise<void>((resolve) => (this.allReady = resolve));
    const first = this.fork();
    const url = await first.ready;
    if (url === undefined) throw new WorkerStartError(startFaultOf(await first.ended));
    void this.keep(first);
    for (let others = this.size - 1; others > 0 && !this.isStopping; others--) void this.keep(this.fork());
    await ready;
    return url;
  }

  get isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  /** Lets all of them finish what is under way. @throws Error where one could not */
  async stop(): Promise<void> {
    this.stopping.abort();
    const ends = [...this.workers].map(async (worker) => {
      const wasReady = worker.isReady;
      worker.stop();
      const { exitCode, signal } = await worker.ended;
      return exitCode === 0 || !wasReady ? [] : [`worker ${worker.pid} ended with ${signal ?? exitCode}`];
    });
    const faults = (await Promise.all(ends)).flat();
    if (faults.length > 0) throw new Error(faults.join(', '));
  }

  /** Those that are left, at once. */
  killAll(): void {
    this.workers.forEach((worker) => worker.kill());
  }

  private fork(): WorkerProcess {
    const worker = new WorkerProcess();
    this.workers.add(worker);
    void worker.ended.then(() => this.workers.delete(worker));
    void worker.ready.then((url) => url !== undefined && this.noteReady(worker));
    return worker;
  }

  private noteReady(worker: WorkerProcess): void {
    // The first of all are announced together.
    this.log[this.wereAllReady ? 'info' : 'debug']({ worker: worker.pid }, 'a worker is ready');
    if ([...this.workers].filter(({ isReady }) => isReady).length < this.size) return;
    this.wereAllReady = true;
    this.allReady();
  }

  /** Replaces the worker when it ends, and each that comes after it: later and later if they end soon. */
  private async keep(worker: WorkerProcess): Promise<void> {
    for (const pause = new ReplacementDelay(); ; worker = this.fork()) {
      const { seconds, ...end } = await worker.ended;
      if (this.isStopping) return;
      const wait = pause.after(seconds);
      this.log.error({ worker: worker.pid, ...end, replacedIn: wait }, 'a worker ended, and is replaced');
      await delay(wait * 1000, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      if (this.isStopping) return;
    }
  }
}

function startFaultOf({ fault, signal, exitCode }: WorkerEnd): string {
  return fault ?? `The server does not start: its first worker ended with ${signal ?? exitCode}.`;
}
