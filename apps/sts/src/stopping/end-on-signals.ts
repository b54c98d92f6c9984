import type { Logger } from 'pino';

/** Two signals within this time are one. */
const sameSignalMilliseconds = 500;

/** The end of the process, once it has been asked for. */
export interface OrderlyEnd {
  /** What the process should end with. */
  readonly ended: Promise<number>;
  /** Begins, where nobody has yet. */
  begin(cause: string): void;
}

export interface EndingRules {
  /** How long the stop may take, in seconds: then the process ends with 1. */
  readonly limit: number;
  readonly log: Logger;
  /** At which it says that it stops. */
  readonly level: 'debug' | 'info';
}

/** SIGINT or SIGTERM begins the stop, which lets requests under way finish; a later one does not wait. */
export function endOnSignals(stop: () => Promise<void>, { limit, log, level }: EndingRules): OrderlyEnd {
  let [stoppingSince, end] = [undefined as number | undefined, (_code: number) => {}];
  const ended = new Promise<number>((resolve) => (end = resolve));
  const fail = (problem: object, message: string) => {
    log.fatal(problem, message);
    log.flush(() => end(1));
  };
  const begin = (cause: string): void => {
    if (stoppingSince !== undefined) return;
    stoppingSince = Date.now();
    log[level]({ signal: cause }, 'stopping');
    setTimeout(() => fail({ seconds: limit }, 'stopping took too long'), limit * 1000).unref();
    stop().then(
      () => log.flush(() => end(0)),
      (error: unknown) => fail({ err: error }, 'stopping failed'),
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // One Ctrl-C comes twice under npm: from the terminal, and passed on by npm.
      if (stoppingSince !== undefined && Date.now() - stoppingSince > sameSignalMilliseconds) end(1);
      else begin(signal);
    });
  }
  return { ended, begin };
}
