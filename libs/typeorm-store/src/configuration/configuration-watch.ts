import { type BeforeApplicationShutdown, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '@tessera/resource-model';
import { ConfigurationChanges } from './configuration-changes.js';

/** Milliseconds. */
const everySecond = 1000;

/** Seconds for which what is known is served although nobody can tell whether it still holds. */
const patience = 10;

/**
 * Reads the changes of the configuration every second. A server that cannot read them for ten seconds trusts nothing that it kept: it asks the
 * database each time, so that nobody who was disabled goes on because of a broken connection.
 */
export class ConfigurationWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Configuration');
  private timer: NodeJS.Timeout | undefined;
  private reading: Promise<void> | undefined;
  private readAt: number;
  private isFailing = false;

  constructor(
    private readonly changes: ConfigurationChanges,
    private readonly clock: Clock,
    private readonly intervalMilliseconds = everySecond,
  ) {
    this.readAt = clock.now();
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.tick(), this.intervalMilliseconds);
    this.timer.unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.reading;
  }

  private tick(): void {
    if (this.clock.now() - this.readAt > patience) this.changes.dropAll();
    // One at a time: where the database does not answer, waiting readings would take all connections.
    this.reading ??= this.read().finally(() => (this.reading = undefined));
  }

  private async read(): Promise<void> {
    try {
      await this.changes.poll();
      this.readAt = this.clock.now();
      if (this.isFailing) this.logger.log('The changes of the configuration can be read again.');
      this.isFailing = false;
    } catch (error) {
      if (!this.isFailing) this.warn(error);
      this.isFailing = true;
    }
  }

  private warn(error: unknown): void {
    const problem = error instanceof Error ? error.message : String(error);
    this.logger.warn(
      `The changes of the configuration cannot be read: ${problem}. What is known is served for ${patience} seconds more; then the database is asked each time.`,
    );
  }
}
