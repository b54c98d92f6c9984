import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Clock, ReferenceTokenStore, RefreshTokenStore, RevokedTokenStore } from '@tessera/resource-model';

const intervalMilliseconds = 60_000;
const batch = 1000;

/** Removes what has ended, in batches, so that a server that runs for months does not grow. */
@Injectable()
export class Housekeeping implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('TokenServer');
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly refreshTokens: RefreshTokenStore,
    private readonly referenceTokens: ReferenceTokenStore,
    private readonly revokedTokens: RevokedTokenStore,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.sweep().catch((error: unknown) => this.logger.error('Removing what has ended failed', error));
    }, intervalMilliseconds);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Removes everything that has ended by now. */
  async sweep(): Promise<void> {
    const now = this.clock.now();
    for (const store of [this.refreshTokens, this.referenceTokens, this.revokedTokens]) {
      while ((await store.removeExpired(now, batch)) === batch) await yieldToRequests();
    }
  }
}

function yieldToRequests(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
