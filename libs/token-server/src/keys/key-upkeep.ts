import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { KeyRing } from './key-ring.js';

/** Milliseconds, both. A key that was revoked elsewhere is refused here within two seconds; what is due has time. */
const followInterval = 1000;
const upkeepInterval = 60_000;

/** Looks after the keys: each second whether others have changed them, each minute whether any is due. */
@Injectable()
export class KeyUpkeep implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('TokenServer');
  private timers: readonly NodeJS.Timeout[] = [];
  private following: Promise<void> | undefined;

  constructor(private readonly keys: KeyRing) {}

  onApplicationBootstrap(): void {
    this.timers = [
      setInterval(() => void this.follow(), followInterval),
      setInterval(() => void this.run(), upkeepInterval),
    ];
    for (const timer of this.timers) timer.unref();
  }

  onApplicationShutdown(): void {
    for (const timer of this.timers) clearInterval(timer);
  }

  /** Never rejects: the keys in use serve on, and each ends at its time. */
  async run(): Promise<void> {
    try {
      await this.keys.maintain();
    } catch (error) {
      this.logger.warn(
        `The signing keys could not be read and renewed; those in use serve on: ${(error as Error).message}`,
      );
    }
  }

  /** One at a time: where the store does not answer, waiting questions would take all connections. Of what fails the upkeep speaks, once a minute. */
  private follow(): Promise<void> {
    this.following ??= this.keys
      .follow()
      .catch(() => undefined)
      .finally(() => (this.following = undefined));
    return this.following;
  }
}
