const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Somebody wants this process to end: at first in order, and when asked again at once. */
export class Interruption {
  private readonly controller = new AbortController();
  private firstAt = 0;

  constructor(private readonly endAtOnce: () => void) {
    for (const name of signals) process.on(name, () => this.ask());
    if (process.env.npm_lifecycle_event) this.endWithNpm();
  }

  /** Aborts at the first request. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  private ask(): void {
    if (!this.signal.aborted) {
      this.firstAt = Date.now();
      this.controller.abort();
      // One Ctrl-C comes twice under npm: from the terminal, and passed on by npm.
    } else if (Date.now() - this.firstAt > 1000) {
      this.endAtOnce();
    }
  }

  /** A SIGTERM to npm reaches its shell, which dies of it and passes nothing on: all that is seen here is another parent. */
  private endWithNpm(): void {
    const { ppid } = process;
    const timer = setInterval(() => {
      if (process.ppid === ppid) return;
      clearInterval(timer);
      this.ask();
    }, 500);
    timer.unref();
  }
}
