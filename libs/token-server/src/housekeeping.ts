import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '@tessera/resource-model';
import { BackgroundFaults } from './background-faults.js';

/** A store of what ends by itself. */
export interface ExpiringStore {
  removeExpired(now: number, limit: number): Promise<number>;
}

/** Injects all of them. */
export const EXPIRING_STORES = Symbol('EXPIRING_STORES');

const intervalMilliseconds = 60_000;
const batch = 1000;

/** Removes what has ended, in batches, so that a server that runs for months does not grow. */
@Injectable()
export class Housekeeping implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly faults = new BackgroundFaults('Removing what has ended failed', new Logger('TokenServer'));
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(EXPIRING_STORES) private readonly stores: readonly ExpiringStore[],
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    // Servers that were started at once do not sweep at once.
    this.timer = setTimeout(() => {
      this.timer = setInterval(() => void this.faults.watch(this.sweep()), intervalMilliseconds);
      this.timer.unref();
      void this.faults.watch(this.sweep());
    }, Math.random() * intervalMilliseconds);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearTimeout(this.timer);
  }

  /** Removes everything that has ended by now. */
  async sweep(): Promise<void> {
    const now = this.clock.now();
    for (const store of this.stores) {
      while ((await store.removeExpired(now, batch)) === batch) await yieldToRequests();
    }
  }
}

function yieldToRequests(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
