import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { KeyRing } from './key-ring.js';

/** Every node knows each key long before it signs: keys are announced for 15 minutes at the least. */
const intervalMilliseconds = 60_000;

/** Looks after the keys, each minute. */
@Injectable()
export class KeyUpkeep implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('TokenServer');
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly keys: KeyRing) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.run(), intervalMilliseconds);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
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
}
