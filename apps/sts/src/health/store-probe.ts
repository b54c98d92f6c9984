import { setTimeout as delay } from 'node:timers/promises';

/** How long a store may take to answer. */
const limitMilliseconds = 2000;

/** Whether a store answers, and soon. There is one look at it at a time, however many ask. */
export class StoreProbe {
  private underWay: Promise<boolean> | undefined;

  constructor(private readonly look: () => Promise<unknown>) {}

  answers(): Promise<boolean> {
    this.underWay ??= this.ask().finally(() => (this.underWay = undefined));
    return this.underWay;
  }

  private async ask(): Promise<boolean> {
    const answered = new AbortController();
    const late = delay(limitMilliseconds, false, { signal: answered.signal }).catch(() => false);
    const looked = this.look().then(
      () => true,
      () => false,
    );
    return Promise.race([looked, late]).finally(() => answered.abort());
  }
}
