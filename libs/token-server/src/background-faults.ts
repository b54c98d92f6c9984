import type { Logger } from '@nestjs/common';
import { StoreUnavailableError } from '@tessera/resource-model';

/** Tells of work that is done again and again when it fails: once for as long as the store is away, each time where it is something else. */
export class BackgroundFaults {
  private isAway = false;

  constructor(
    private readonly what: string,
    private readonly logger: Logger,
  ) {}

  /** Never rejects: the next time comes. */
  async watch(work: Promise<unknown>): Promise<void> {
    try {
      await work;
      this.isAway = false;
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) this.logger.error(this.what, error);
      else if (!this.isAway) this.logger.warn(`${this.what}: ${error.message} It is tried again.`);
      this.isAway = error instanceof StoreUnavailableError;
    }
  }
}
